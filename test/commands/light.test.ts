import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..', '..', 'commands')
const commands = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

// Help loads every command: what is heavy must wait until a command runs.
test.for(commands)('%s loads nothing heavy before it runs', (name) => {
  const imports = readFileSync(join(folder, name), 'utf8').matchAll(
    /^(?:import (?!type )(?:[^'](?!\bfrom type\b))*?from |\} from )'(.+?)'/gm,
  )
  const heavy = [...imports]
    .map(([, from = '']) => from)
    .filter((from) => !/^(node:|@oclif\/core\/|(\.\.\/)+src\/(cli|kit)\/)/.test(from))
  expect(heavy).toEqual([])
})
