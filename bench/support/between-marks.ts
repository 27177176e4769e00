import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Puts `text` between the marks `<!-- NAME -->` and `<!-- /NAME -->` of a document in `docs/`, replacing what is there. */
export function writeBetweenMarks(document: string, name: string, text: string): void {
  const file = fileURLToPath(new URL(`../../docs/${document}`, import.meta.url))
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`]
  const [before, rest] = readFileSync(file, 'utf8').split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`${file} has no marks named ${name}`)
  writeFileSync(file, `${before}${begin}\n${text.trim()}\n\n${end}${after}`)
}
