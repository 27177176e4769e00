import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { rawConnection } from '../support/http/raw-connection.ts'
import { lb } from '../support/processes/lb-in-process.ts'

const bin = new URL('../../bin/dev.js', import.meta.url).pathname

/** Runs `lb backends …` until `lines` lines were printed, then `meanwhile`, then sends `signal`. */
async function backends(
  args: readonly string[],
  options: {
    readonly lines: number
    readonly meanwhile: (printed: string) => Promise<void>
    readonly signal: NodeJS.Signals
  },
) {
  const child = spawn(process.execPath, [bin, 'backends', ...args])
  try {
    let printed = ''
    const { promise, resolve } = Promise.withResolvers<void>()
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.split('\n').length > options.lines) resolve()
    })
    await promise
    await options.meanwhile(printed)
    child.kill(options.signal)
    const [code] = await once(child, 'close')
    return { code, printed }
  } finally {
    child.kill('SIGKILL')
  }
}

/** A server on this port of 127.0.0.1, once it listens. */
async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** A port that is free, as is the next one. */
async function twoFreePorts(): Promise<number> {
  for (;;) {
    const first = await listening(0)
    const { port } = first.address() as AddressInfo
    const second = await listening(port + 1).catch(() => undefined)
    first.close()
    second?.close()
    if (second !== undefined) return port
  }
}

test.for(['SIGINT', 'SIGTERM'] as const)(
  'runs until %s, then prints the counts of each backend',
  async (signal) => {
    const base = await twoFreePorts()
    const args = [
      '--count',
      '2',
      '--port',
      String(base),
      '--response-bytes',
      '3',
      '--service-time',
      'exponential:1ms',
    ]
    const { code, printed } = await backends(args, {
      lines: 2,
      signal,
      async meanwhile() {
        await using client = await rawConnection(base + 1)
        client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        expect(await client.until((text) => text.endsWith('xxx'))).toContain('X-Backend: 2\r\n')
      },
    })
    expect(printed).toBe(
      [
        `backend 1 is ready on http://127.0.0.1:${base}`,
        `backend 2 is ready on http://127.0.0.1:${base + 1}`,
        'backend 1 received 0, answered 0 (0 with 500), aborted 0',
        'backend 2 received 1, answered 1 (0 with 500), aborted 0',
        '',
      ].join('\n'),
    )
    expect(code).toBe(0)
  },
)

test.for([
  ['backends --count 0', '--count "0" is not an integer of 1 or more'],
  ['backends --service-time soon', '--service-time "soon" is not a service time'],
  ['backends --service-time lognormal:5ms', '--service-time "lognormal:5ms" is not a service time'],
  ['backends --error-rate 2', '--error-rate "2" is not a percentage'],
  ['backends --port 65535 --count 2', '--port 65535 is too high for 2 backends'],
] as const)('%s is a usage error in one line', async ([args, message]) => {
  const { stderr, error } = await lb(args)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(error?.oclif?.exit).toBe(2)
})

test('a port in use is a usage error', async () => {
  const server = await listening(0)
  const { port } = server.address() as AddressInfo
  const { stderr, error } = await lb(`backends --count 1 --port ${port}`)
  server.close()
  expect(stderr).toContain(`127.0.0.1:${port}`)
  expect(error?.oclif?.exit).toBe(2)
})
