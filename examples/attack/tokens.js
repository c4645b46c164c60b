// Reads lines of JSON, each a list of scripts, and answers each with a list: the names
// among a script's tokens, or null for a script that is none. The parser is Node's own
// copy of acorn, so that nothing needs to be installed.
const acorn = require("internal/deps/acorn/acorn/dist/acorn");
const lines = require("readline").createInterface({input: process.stdin});

function names(text) {
	for (const sourceType of ["script", "module"]) {
		const found = [];
		try {
			acorn.parse(text, {
				ecmaVersion: "latest", sourceType, allowReturnOutsideFunction: true,
				onToken: t => found.push(t.type.label === "name" ? t.value : t.type.label),
			});
			return found;
		} catch {}
	}
	return null;
}

lines.on("line", line => console.log(JSON.stringify(JSON.parse(line).map(names))));
