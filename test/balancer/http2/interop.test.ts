import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { which } from '../../../src/host/which.ts'
import { balance, closedPort, type TestBalancer } from '../support/balance.ts'
import { h2Backend } from '../support/h2-backend.ts'
import { h2Client } from '../support/h2-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const run = promisify(execFile)
const large = 'x'.repeat(300_000)
const scratch = mkdtempSync(join(tmpdir(), 'lb-interop-'))
const bodyFile = join(scratch, 'body')
writeFileSync(bodyFile, large)
afterAll(() => rmSync(scratch, { recursive: true }))

/** Why a program cannot be used; undefined: it can. */
function missing(program: string): string | undefined {
  return which(program) === undefined ? `${program} is not installed` : undefined
}

/** A backend that returns what it got. */
function echoBackend() {
  return recordingBackend(({ body }, response) => response.end(body === '' ? large : body))
}

describe.skipIf(missing('curl') !== undefined)('curl', () => {
  test.for([['--http2-prior-knowledge'], ['--http1.1']])(
    '%s: downloads and uploads',
    async ([flag]) => {
      await using backend = await echoBackend()
      await using balancer = await balance([backend.port])
      const url = `http://127.0.0.1:${balancer.port}/`
      const curl = (...args: string[]) =>
        run('curl', ['-sS', flag ?? '', '-m', '20', ...args, url], { maxBuffer: 1e7 })
      expect((await curl()).stdout).toBe(large)
      expect((await curl('-d', 'abc')).stdout).toBe('abc')
      expect((await curl('-T', bodyFile)).stdout).toBe(large)
      expect((await curl('-o', '/dev/null', '-w', '%{http_version} %{http_code}')).stdout).toBe(
        flag === '--http1.1' ? '1.1 200' : '2 200',
      )
    },
  )
})

describe.skipIf(missing('nghttp') !== undefined)('nghttp', () => {
  test.for([
    ['downloads', []],
    ['uploads', ['-d', bodyFile]],
    [
      'uploads with padding, trailers and small windows',
      ['-d', bodyFile, '-b', '100', '--trailer', 'x-a: b', '-w', '10', '-W', '10'],
    ],
    ['header blocks with CONTINUATION', ['--continuation', '-H', `x-long: ${'a'.repeat(2000)}`]],
    ['many requests on one connection', ['-m', '50']],
  ] as const)('%s', async ([, args]) => {
    await using backend = await echoBackend()
    await using balancer = await balance([backend.port], { limits: { headBytes: 65_536 } })
    const url = `http://127.0.0.1:${balancer.port}/`
    const { stdout } = await run('nghttp', [...args, '-t', '20', url], { maxBuffer: 1e8 })
    expect(stdout.startsWith(large)).toBe(true)
    expect(stdout.length % large.length).toBe(0)
  })
})

describe.skipIf(missing('h2load') !== undefined)('h2load', () => {
  test.for([
    ['many streams', ['-n', '2000', '-c', '4', '-m', '100']],
    ['uploads', ['-n', '100', '-c', '4', '-m', '10', '-d', bodyFile]],
    ['small windows', ['-n', '100', '-c', '2', '-m', '10', '-w', '12', '-W', '12']],
    [
      'no dynamic table',
      [
        '-n',
        '200',
        '-c',
        '2',
        '-m',
        '10',
        '--header-table-size=0',
        '--encoder-header-table-size=0',
      ],
    ],
  ] as const)('%s', async ([, args]) => {
    await using backend = await recordingBackend((_, response) => response.end('x'.repeat(20_000)))
    await using balancer = await balance([backend.port])
    const { stdout } = await run('h2load', [...args, `http://127.0.0.1:${balancer.port}/`])
    const total = args[1]
    expect(stdout).toContain(
      `requests: ${total} total, ${total} started, ${total} done, ${total} succeeded, 0 failed, 0 errored, 0 timeout`,
    )
  })
})

test('node:http2, as client and as backend at once', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.respond({ ':status': 200 })
    stream.pipe(stream)
  })
  await using balancer = await balance([1], { backends: [{ url: backend.url, weight: 1 }] })
  await using client = await h2Client(balancer.port)
  const responses = await Promise.all(
    Array.from({ length: 20 }, () => client.ask({ ':method': 'POST' }, large)),
  )
  expect(responses.map(({ body }) => body === large)).toEqual(Array(20).fill(true))
})

function listens(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  return new Promise<boolean>((resolve) => {
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
  }).finally(() => socket.destroy())
}

/** Starts a server program, and waits until it listens. */
async function server(file: string, args: readonly string[], port: number) {
  const child: ChildProcess = spawn(file, args, { stdio: 'ignore', cwd: scratch })
  for (;;) {
    if (await listens(port)) break
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

/** Downloads and uploads through a balancer in front of an HTTP/2 backend on `port`. */
async function transfer(balancer: TestBalancer, path: string): Promise<string[]> {
  await using client = await h2Client(balancer.port)
  const responses = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0
        ? client.ask({ ':path': path })
        : client.ask({ ':path': path, ':method': 'POST' }, large),
    ),
  )
  return responses.map(({ status, body, code }) => `${status} ${body.length} ${code}`)
}

describe.skipIf(missing('nghttpd') !== undefined)('nghttpd as backend', () => {
  test('downloads and uploads', async () => {
    const port = await closedPort()
    await using _ = await server(
      'nghttpd',
      ['--no-tls', '-d', scratch, '--echo-upload', String(port)],
      port,
    )
    await using balancer = await balance([1], {
      backends: [{ url: `h2c://127.0.0.1:${port}`, weight: 1 }],
    })
    expect(await transfer(balancer, '/body')).toEqual(Array(20).fill(`200 ${large.length} 0`))
  })
})

/** The interpreter that Debian's python3-h2 belongs to; undefined: it is not installed. */
function pythonWithH2(): string | undefined {
  const found = ['/usr/bin/python3', which('python3')].find((file) => {
    try {
      execFileSync(file ?? '', ['-c', 'import h2'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
  return found
}

const pythonServer = `
import socket, sys, threading, h2.config, h2.connection, h2.events
def serve(sock):
    conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    conn.initiate_connection(); sock.sendall(conn.data_to_send())
    bodies = {}; ready = {}
    def flush():
        for sid in list(ready):
            body = ready[sid]
            while body:
                n = min(conn.local_flow_control_window(sid), conn.max_outbound_frame_size, len(body))
                if n <= 0: break
                conn.send_data(sid, body[:n]); body = body[n:]
            ready[sid] = body
            if not body: conn.end_stream(sid); del ready[sid]
    while True:
        data = sock.recv(65536)
        if not data: return
        for e in conn.receive_data(data):
            if isinstance(e, h2.events.RequestReceived): bodies[e.stream_id] = b''
            elif isinstance(e, h2.events.DataReceived):
                bodies[e.stream_id] += e.data
                conn.acknowledge_received_data(e.flow_controlled_length, e.stream_id)
            elif isinstance(e, h2.events.StreamEnded):
                conn.send_headers(e.stream_id, [(':status', '200')])
                ready[e.stream_id] = bodies.pop(e.stream_id) or b'x' * 300000
            elif isinstance(e, h2.events.StreamReset): ready.pop(e.stream_id, None)
        flush(); sock.sendall(conn.data_to_send())
listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
`

const python = pythonWithH2()
describe.skipIf(python === undefined)("Python's h2 as backend (Debian: python3-h2)", () => {
  test('downloads and uploads', async () => {
    const port = await closedPort()
    await using _ = await server(python ?? '', ['-c', pythonServer, String(port)], port)
    await using balancer = await balance([1], {
      backends: [{ url: `h2c://127.0.0.1:${port}`, weight: 1 }],
    })
    expect(await transfer(balancer, '/')).toEqual(Array(20).fill(`200 ${large.length} 0`))
  })
})
