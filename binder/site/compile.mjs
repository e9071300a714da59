// Compile Python files with the Python of the browser: node compile.mjs PYODIDE TREE FOLDER…
const [pyodide, tree, ...folders] = process.argv.slice(2);
const { loadPyodide } = await import(`${pyodide}/pyodide.mjs`);
const python = await loadPyodide({ indexURL: `${pyodide}/` });
python.mountNodeFS("/tree", tree);
python.globals.set("folders", folders);
python.runPython(`
import compileall, py_compile
SITE = "/lib/python3.14/site-packages"
PLACES = {"stdlib": "/lib/python314.zip", "packages": SITE, "course": SITE}
MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH
for name in folders:
    alone = name != "course"  # the course's own code is read by students: it goes beside its source
    assert compileall.compile_dir(f"/tree/{name}", ddir=PLACES[name], legacy=alone, quiet=1, invalidation_mode=MODE)
`);
