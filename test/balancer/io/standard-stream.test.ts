import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { standardStream } from '../../../src/balancer/io/standard-stream.ts'

const accessLog = new URL('../../../src/balancer/io/access-log.ts', import.meta.url)

/** Writes a line to the log at a path, twice, with a rotation in between. */
const script = (path: string) => `
  const { openAccessLog } = await import('${accessLog}')
  const access = { time: 0, worker: 0, client: '', method: 'GET', status: 200, bytes: 0, seconds: 0, backend: '', tries: 1 }
  const log = await openAccessLog('${path}')
  log.add({ ...access, target: '/first' })
  await log.reopen('${path}')
  log.add({ ...access, target: '/second' })
  log.flushSync()
  await log.close()
  process.exitCode = log.dropped`

// Streams of a child are sockets, as those of a service under systemd.
test.for(['stdout', 'stderr'] as const)('%s that is a socket can be the log', async (name) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(`/dev/${name}`)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = child[name].toArray()
  const [code] = await once(child, 'exit')
  const lines = Buffer.concat(await written).toString()
  expect(lines).toMatch(/"target":"\/first".*\n.*"target":"\/second".*\n$/)
  expect(code).toBe(0)
})

test('other paths are opened as they are', () => {
  expect(standardStream('/var/log/stdout')).toBeUndefined()
})
