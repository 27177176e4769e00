import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemLookup } from '../../../src/balancer/names/system-lookup.ts'

const { PATH = '' } = process.env
afterEach(() => {
  process.env.PATH = PATH
})

/** Stands for the program of the system: silent for one name. */
const getent = `#!/bin/sh
[ "$3" = silent.test ] && exec sleep 60
[ "$3" = unknown.test ] && exit 2
echo "192.0.2.1 STREAM $3"
echo "192.0.2.1 DGRAM"
`

test('a name for which a source of the system is silent holds up no other, and has a time limit', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  writeFileSync(join(folder.path, 'getent'), getent, { mode: 0o755 })
  process.env.PATH = `${folder.path}${delimiter}${PATH}`
  const silent = systemLookup('silent.test', 1.5)
  const sound = systemLookup('sound.test', 1.5)
  expect(await Promise.race([silent, sound])).toEqual(['192.0.2.1'])
  expect(await systemLookup('unknown.test', 1.5)).toBeUndefined()
  expect(await silent).toBeUndefined()
})
