import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { closedPort } from '../balancer/support/balance.ts'
import { exchange } from '../balancer/support/raw-client.ts'
import { recordingBackend } from '../balancer/support/recording-backend.ts'
import { lb } from '../support/lb.ts'

const bin = new URL('../../bin/dev.js', import.meta.url).pathname
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

test.for(['SIGINT', 'SIGTERM'] as const)('serves until %s, and leaves with 0', async (signal) => {
  await using backend = await recordingBackend()
  const url = `http://127.0.0.1:${backend.port}`
  const args = ['serve', '--backend', `${url},3`, '--port', '0', '--cores', '2']
  const child = spawn(process.execPath, [bin, ...args])
  try {
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
    expect(line).toMatch(
      /^lb is ready on http:\/\/127\.0\.0\.1:\d+ \(round-robin, 2 workers, 1 backend\)\n$/,
    )
    expect(await exchange(Number(/:(\d+) /.exec(line)?.[1]), get)).toMatch(/^HTTP\/1\.1 200 /)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
  }
})

test.for([
  ['serve --backend nonsense', '"nonsense" is not the address of a backend'],
  ['serve --backend http://a:1,x', '--backend "http://a:1,x" has no whole number'],
  ['serve --backend http://a:1 --backend http://a:1', 'a:1 is there twice'],
  ['serve --backend http://a:1,0', 'every weight is 0'],
  ['serve --backend http://a:1 --algo round-robim', 'did you mean round-robin?'],
  ['serve --backend http://a:1 --port 70000', 'port'],
] as const)('%s is a usage error in one line', async ([args, message]) => {
  const { stderr, error } = await lb(args)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(error?.oclif?.exit).toBe(2)
})

test('a port in use is a usage error', async () => {
  await using backend = await recordingBackend()
  const args = `--backend http://127.0.0.1:${await closedPort()} --port ${backend.port}`
  const { stderr, error } = await lb(`serve ${args}`)
  expect(stderr).toContain(`127.0.0.1:${backend.port} is in use`)
  expect(error?.oclif?.exit).toBe(2)
})
