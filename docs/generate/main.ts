import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { references } from './references.ts'

/* npm run docs: writes every document that is generated from the code. */

for (const [path, text] of Object.entries(references)) {
  await writeFile(join(import.meta.dirname, '..', path), await text())
}
