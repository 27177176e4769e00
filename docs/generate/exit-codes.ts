import { describedExitCodes } from '../../src/kit/exit-codes.ts'
import { markdownTable } from './table.ts'

/** docs/reference/exit-codes.md: every exit code of `lb`, and the form of its errors. */
export function exitCodesReference(): string {
  const rows = Object.entries(describedExitCodes).map(([name, { code, meaning }]) => [
    String(code),
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    meaning,
  ])
  const { usage, error, interrupted } = describedExitCodes
  const errors = [
    ['`LB_USAGE`', String(usage.code)],
    ['`LB_PROCESS`', String(error.code)],
    ['`LB_INTERRUPTED`', String(interrupted.code)],
    ['`LB_UNEXPECTED`', String(error.code)],
  ]
  return `# Exit codes

Every command ends with one of these, with or without \`--json\`.

${markdownTable(['code', 'name', 'when'], rows)}

## Errors

An error is one line on standard error, \`lb: what, where: what to do\`, and no stack trace:

\`\`\`
$ lb bench --algo rond-robin
lb: unknown algorithm "rond-robin" in --algo: did you mean round-robin? it is one of round-robin, …
\`\`\`

A file with several mistakes, such as a scenario, gives one such line for each, up to 20. With \`--json\` the object below has the second and
all further ones as \`others\`, each with \`message\` and \`hint\`.

With \`--json\` an error is an object on standard output instead, and standard error stays empty:

\`\`\`json
{
  "error": {
    "code": "LB_USAGE",
    "message": "unknown algorithm \\"rond-robin\\" in --algo",
    "hint": "did you mean round-robin? it is one of round-robin, …",
    "exitCode": ${usage.code}
  }
}
\`\`\`

${markdownTable(['`code`', 'exit code'], errors)}

A run that ends with 96, 97, 98 or 99 prints its result: with \`--json\` standard output is the whole result document.

A second Ctrl-C, half a second after the first or later, ends \`lb\` at once; the processes that it started exit when their parent is gone. A pipe
that closes early (\`lb report r.json | head\`) is not an error.

A run that an error ends after its first trial (code 1: the target died) prints and stores what was measured, marked as incomplete, and so
does one whose \`--output\` cannot be written in the end (code 2). The error is then on standard error, also with \`--json\`.
`
}
