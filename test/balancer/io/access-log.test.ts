import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync, renameSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { logFormatProblem } from '../../../src/balancer/config/log-format.ts'
import type { Access } from '../../../src/balancer/io/access.ts'
import { openAccessLog } from '../../../src/balancer/io/access-log.ts'

const access: Access = {
  time: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  worker: 1,
  client: '127.0.0.1',
  method: 'GET',
  target: '/a?b="c"\n',
  status: 200,
  bytes: 12,
  seconds: 0.0015,
  backend: '127.0.0.1:9000',
  tries: 1,
  protocol: 'HTTP/1.1',
  scheme: 'http',
  fields: [],
}

/** The fields of a line of the format `json`. */
const { protocol: _, scheme: __, fields: ___, ...entry } = access

const scratchFolder = () => mkdtempDisposable(join(tmpdir(), 'lb-test-'))

const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

test('a request is one line of JSON, whatever its target holds', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path)
  log.add(access)
  log.add({ ...access, status: 503, backend: '' })
  await log.close()
  expect(linesOf(readFileSync(path, 'utf8'))).toEqual([
    { ...entry, time: '2026-01-02T03:04:05.006Z' },
    { ...entry, time: '2026-01-02T03:04:05.006Z', status: 503, backend: '' },
  ])
})

test('of a sample of three, the first request of every three has a line', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path, { sample: 3 })
  const every = await openAccessLog(path)
  expect(Array.from({ length: 7 }, log.samples)).toEqual([
    true,
    false,
    false,
    true,
    false,
    false,
    true,
  ])
  expect([every.samples(), every.samples()]).toEqual([true, true])
  await Promise.all([log.close(), every.close()])
})

test.for([
  [
    'combined',
    '127.0.0.1 - alice [02/Jan/2026:03:04:05 +0000] "GET /a?b=\\x22c\\x22\\x0A HTTP/1.1" 200 12 "-" "curl \\x5C\\xE9"\n',
  ],
  [
    'common',
    '127.0.0.1 - alice [02/Jan/2026:03:04:05 +0000] "GET /a?b=\\x22c\\x22\\x0A HTTP/1.1" 200 12\n',
  ],
  [
    // In braces, too.
    '$msec $'.concat('{request_time} $upstream_addr $reason $host|$http_x_y|$scheme'),
    '1767323045.006 0.002 127.0.0.1:9000 - lb.test|-|http\n',
  ],
  [
    '{"at":"$time_iso8601","uri":"$request_uri","status":$status,"agent":"$http_user_agent","none":"$reason"}',
    '{"at":"2026-01-02T03:04:05+00:00","uri":"/a?b=\\"c\\"\\n","status":200,"agent":"curl \\\\é","none":""}\n',
  ],
] as const)('lines of the format %s', async ([format, line]) => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path, { format })
  const values: Readonly<Record<string, string>> = {
    authorization: `Basic ${btoa('alice:secret')}`,
    host: 'lb.test',
    'user-agent': 'curl \\é',
  }
  log.add({ ...access, fields: log.fields.map((name) => values[name] ?? '') })
  await log.close()
  expect(readFileSync(path, 'utf8')).toBe(line)
})

test('bytes that are no request, and one without a response, are lines as well', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path, { format: '"$request" $status "$http_referer"' })
  log.add({ ...access, method: '', target: '', protocol: '', status: 400, fields: undefined })
  log.add({ ...access, target: '/', status: 0, fields: [''] })
  await log.close()
  expect(readFileSync(path, 'utf8')).toBe('"-" 400 "-"\n"GET / HTTP/1.1" 000 "-"\n')
})

test.for([
  ['text', 'must be json, common, combined'],
  ['$status\n$status', 'must be one line'],
  ['$stat', 'has the unknown variable $stat'],
  ['{"a":$request_uri}', 'must be JSON'],
] as const)('%j is no format', ([format, problem]) => {
  expect(logFormatProblem(format)).toContain(problem)
})

test('nothing is written before there is a batch, or a line has waited', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path)
  const size = () => readFileSync(path).length
  log.add(access)
  expect(size()).toBe(0)
  await vi.waitFor(() => expect(size()).toBeGreaterThan(0), 10_000)
  const before = size()
  // More than a batch at 200 characters a line or so.
  for (let i = 0; i < 500; i++) log.add(access)
  await vi.waitFor(() => expect(size()).toBeGreaterThan(before), 10_000)
  await log.close()
  expect(linesOf(readFileSync(path, 'utf8'))).toHaveLength(501)
})

test('an existing file is added to', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  for (let i = 0; i < 3; i++) {
    const log = await openAccessLog(path)
    log.add(access)
    await log.close()
  }
  expect(linesOf(readFileSync(path, 'utf8'))).toHaveLength(3)
})

test('after a rotation it goes on in the new file, and no line is lost', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path)
  for (let i = 0; i < 5000; i++) log.add({ ...access, tries: i })
  renameSync(path, `${path}.1`)
  const reopened = log.reopen(path)
  for (let i = 5000; i < 10_000; i++) log.add({ ...access, tries: i })
  await reopened
  log.add({ ...access, tries: 10_000 })
  await log.close()
  const [old, fresh] = [`${path}.1`, path].map((file) => linesOf(readFileSync(file, 'utf8')))
  const all = [...(old ?? []), ...(fresh ?? [])].map(({ tries }) => tries)
  expect(all).toEqual(Array.from({ length: 10_001 }, (_, i) => i))
  expect(fresh?.at(-1)).toMatchObject({ tries: 10_000 })
  expect(log.dropped).toBe(0)
})

test('a file that cannot be opened is refused, and the log goes on in the old one', async () => {
  await using folder = await scratchFolder()
  const nowhere = join(folder.path, 'no', 'such', 'access.log')
  await expect(openAccessLog(nowhere)).rejects.toMatchObject({ code: 'LB_USAGE' })
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path)
  await expect(log.reopen(nowhere)).rejects.toMatchObject({ code: 'LB_USAGE' })
  log.add(access)
  await log.close()
  expect(linesOf(readFileSync(path, 'utf8'))).toHaveLength(1)
})

test('more than can be kept is dropped and counted, and the log tells of it', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'access.log')
  const log = await openAccessLog(path)
  const many = 50_000
  for (let i = 0; i < many; i++) log.add(access)
  const { dropped } = log
  expect(dropped).toBeGreaterThan(0)
  await vi.waitFor(() => expect(readFileSync(path).length).toBeGreaterThan(4e6), 10_000)
  log.add(access)
  await log.close()
  const lines = linesOf(readFileSync(path, 'utf8'))
  const told = lines.filter((line) => 'dropped' in line)
  expect(told.map((line) => line.dropped)).toEqual([dropped])
  expect(lines.length - told.length).toBe(many + 1 - dropped)
})

test('a pipe that nobody empties fills, and what does not fit is counted line by line', async () => {
  await using folder = await scratchFolder()
  const path = join(folder.path, 'pipe')
  execFileSync('sh', ['-c', 'mkfifo "$0"', path])
  await expect(openAccessLog(path)).rejects.toMatchObject({ code: 'LB_USAGE' })
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const log = await openAccessLog(path)
  const many = 2000
  for (let i = 0; i < many; i++) log.add(access)
  // The second batch has all but the first 64 KiB: once most lines are dropped, it is over.
  await vi.waitFor(() => expect(log.dropped).toBeGreaterThan(many / 2), 10_000)
  let read = ''
  const drain = () => {
    const bytes = Buffer.alloc(1e6)
    try {
      for (;;) {
        const size = readSync(reader, bytes)
        if (size === 0) return
        read += bytes.toString('latin1', 0, size)
      }
    } catch (error) {
      expect(error).toMatchObject({ code: 'EAGAIN' })
    }
  }
  drain()
  const { dropped } = log
  log.add(access)
  await log.close()
  drain()
  closeSync(reader)
  // A line that was cut off stands alone, and is not JSON; it is among the dropped.
  const lines = read.split('\n').slice(0, -1)
  const whole = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line))
  expect(whole.filter((line) => 'dropped' in line)).toMatchObject([{ dropped }])
  expect(whole.length - 1).toBe(many + 1 - log.dropped)
  expect(lines.length - whole.length).toBeLessThanOrEqual(1)
})
