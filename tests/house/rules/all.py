"""Every rule, by its name."""
from . import arrows, headers, machines, readmes, sizes, words

RULES = {
    "files": sizes.files,
    "functions": sizes.function_sizes,
    "columns": sizes.columns,
    "exemptions": sizes.exemptions,
    "arrows in includes": arrows.follow_includes,
    "arrows in src/README.md": arrows.told_in_readme,
    "arrows in CMakeLists.txt": arrows.linked_in_cmake,
    "asio": arrows.asio,
    "pragma once": headers.pragma_once,
    "own header first": headers.own_header_first,
    "nothing unfinished": words.unfinished,
    "no paths of a machine": words.machine_paths,
    "a README in each room": readmes.there_is_one,
    "links in READMEs": readmes.links,
    "files in READMEs": readmes.files,
    "programs in READMEs": readmes.programs,
    "machines drawn": machines.drawn,
    "queries in READMEs": readmes.queries,
}
