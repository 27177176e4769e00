import { expect, test } from 'vitest'
import { formatOf, logFormats } from '../../src/logs/registry.ts'

const atMs = Date.UTC(2026, 9, 10, 13, 55, 36)

const examples = {
  combined: {
    line: '203.0.113.7 - frank [10/Oct/2026:15:55:36 +0200] "GET /a?b=\\"c\\" HTTP/1.1" 200 2326 "https://example.org/1.500" "Mozilla/5.0 (X11) 7.125" rt=0.042',
    entry: { atMs, key: '203.0.113.7', tookMs: 42 },
  },
  haproxy: {
    line: 'Oct 10 13:55:36 host haproxy[14389]: 203.0.113.7:33317 [10/Oct/2026:13:55:36.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
    entry: { atMs: atMs + 655, key: '203.0.113.7', tookMs: 109 },
  },
  caddy: {
    line: '{"level":"info","ts":1791640536.5,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.1","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","uri":"/"},"duration":0.25,"size":10900,"status":200}',
    entry: { atMs: atMs + 500, key: '203.0.113.7', tookMs: 250 },
  },
  traefik: {
    line: '{"ClientAddr":"203.0.113.7:5000","ClientHost":"203.0.113.7","DownstreamStatus":200,"Duration":4200000,"RequestPath":"/","StartUTC":"2026-10-10T13:55:36.5Z","time":"2026-10-10T13:55:36Z"}',
    entry: { atMs: atMs + 500, key: '203.0.113.7', tookMs: 4.2 },
  },
  envoy: {
    line: '{"start_time":"2026-10-10T13:55:36.500Z","method":"GET","path":"/","response_code":200,"duration":7,"downstream_remote_address":"[2001:db8::1]:5000"}',
    entry: { atMs: atMs + 500, key: '2001:db8::1', tookMs: 7 },
  },
} as const

test.each(Object.entries(examples))('%s: a line is read, and its format is found', (name, one) => {
  expect(formatOf([one.line])?.name).toBe(name)
  expect(formatOf([one.line])?.read(one.line)).toEqual(one.entry)
})

test('every format has an example, reads only its own, and no line cut short', () => {
  expect(logFormats.map(({ name }) => name)).toEqual(Object.keys(examples))
  for (const format of logFormats) {
    for (const [name, { line }] of Object.entries(examples)) {
      if (name !== format.name) expect(format.read(line), `${format.name}: ${name}`).toBeUndefined()
      expect(format.read(line.slice(0, 30))).toBeUndefined()
    }
    for (const line of ['', '{', '{}', '[]', 'null', '"']) expect(format.read(line)).toBeUndefined()
  }
})

test('a common log has no time that a request took, and numbers of browsers are none', () => {
  const common = '2001:db8::1 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.0" 304 -'
  expect(formatOf([common])?.read(common)).toEqual({ atMs, key: '2001:db8::1' })
  const combined = `${common} "-" "agent 1.234 x"`
  expect(formatOf([combined])?.read(combined)).toEqual({ atMs, key: '2001:db8::1' })
  expect(formatOf([common.replace('Oct', 'Okt')])).toBeUndefined()
})
