import { writeOutput } from '../../../../src/kit/output.ts'

/** Replaces a file by a large one. */
const [, , path = '', bytes = '0'] = process.argv
await writeOutput({ path, force: true }, 'n'.repeat(Number(bytes)))
