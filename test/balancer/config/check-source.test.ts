import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkSource } from '../../../src/balancer/config/check-source.ts'
import { problemText } from '../../../src/balancer/config/problem.ts'
import { certificateOf, privateKeyFile } from '../support/certificates.ts'

/** Checks `text` as a file, with fields that override it; gives the settings, or a line for each problem. */
async function check(text: string, config: object = {}) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const file = join(folder.path, 'lb.yaml')
  writeFileSync(file, text)
  const checked = await checkSource({ file, config })
  if ('settings' in checked) return checked
  const lines = checked.problems.map((one) => `${problemText(one)}; ${one.hint}`)
  return { lines: lines.map((line) => line.replaceAll(`${file}, `, '').replaceAll(file, 'FILE')) }
}

const backends = 'backends:\n  - url: http://127.0.0.1:1\n'

test('a file needs backends only, as YAML or JSON, and times may have units', async () => {
  expect(
    await check(`${backends}timeouts:\n  idle: 90s\n  connect: 250ms\n  drain: 3\n`),
  ).toMatchObject({
    settings: {
      algorithm: 'round-robin',
      host: '127.0.0.1',
      port: 8080,
      workers: 1,
      backends: [{ url: 'http://127.0.0.1:1', weight: 1 }],
      timeouts: { idle: 90, connect: 0.25, drain: 3, firstByte: 120 },
    },
  })
  const json = '{"backends": [{"url": "http://127.0.0.1:1"}], "port": 1}'
  expect(await check(json)).toMatchObject({ settings: { port: 1 } })
})

test('every mistake has its line, its field and a remedy', async () => {
  const text = `algoritm: weighted
timeouts:
  connect: 5x
  head: 0
port: 70000
backends:
  - url: http://127.0.0.1:1
    wieght: 3
tls:
  key: a
`
  const { lines } = (await check(text)) as { lines: string[] }
  expect(lines.toSorted()).toEqual([
    'line 1: unknown field "algoritm"; did you mean algorithm?',
    'line 3: timeouts.connect is "5x"; give seconds, or a duration such as 5s, 500ms or 2m',
    'line 4: timeouts.head is 0; give more than 0',
    'line 5: port is 70000; give at most 65535',
    'line 8: unknown field "backends.0.wieght"; did you mean weight?',
    'line 9: tls.certificate is missing; give a value of type string',
  ])
})

test('mistakes across fields are found together, too', async () => {
  const text = `algorithm: maglev
parameters: { tableSize: 4 }
key: cookei:a
rateLimit: { rate: 1, key: "header:" }
backends:
  - url: ftp://a
  - url: http://127.0.0.1:1
  - url: http://127.0.0.1:1
`
  const { lines } = (await check(text)) as { lines: string[] }
  expect(lines.map((line) => line.replace(/;.*/, ''))).toEqual([
    'line 2: maglev: tableSize must be prime, not 4',
    'line 3: key "cookei:a" is not a hash key',
    'line 4: rateLimit.key "header:" has no name',
    'line 6: backends.0.url: "ftp://a" is not a backend address',
    'line 8: backends.2.url: 127.0.0.1:1 is listed twice',
  ])
})

test('weights that the algorithm rejects as a set are found', async () => {
  const text =
    'algorithm: maglev\nparameters: { tableSize: 2 }\nbackends: [{url: "http://a", weight: 0}]\n'
  expect(await check(text)).toEqual({ lines: [expect.stringContaining('all weights are 0')] })
})

test('files of certificates are read, and each one that cannot be used is named', async () => {
  const text = `${backends}tls:
  certificate: /nowhere.pem
  key: ${privateKeyFile}
  clientCa: ${import.meta.filename}
  certificates:
    - certificate: ${certificateOf('backend')}
      key: /nowhere.key
    - certificate: ${certificateOf('ca')}
      key: ${privateKeyFile}
`
  const { lines } = (await check(text)) as { lines: string[] }
  expect(lines.map((line) => line.replace(/;.*/, ''))).toEqual([
    'line 4: tls.certificate: cannot read /nowhere.pem (ENOENT)',
    'line 9: tls.certificates.0.key: cannot read /nowhere.key (ENOENT)',
    expect.stringMatching(/^line 11: tls\.certificates\.1\.key: .* is not the key of /),
    expect.stringMatching(/^line 10: tls\.certificates\.1\.certificate: .* has no DNS name$/),
    expect.stringMatching(/^line 6: tls\.clientCa: /),
  ])
})

test('given fields override those of the file, and their mistakes name no line', async () => {
  const config = { port: 7, timeouts: { idle: 5 }, backends: [{ url: 'http://127.0.0.1:9' }] }
  const text = `${backends}port: 6\ntimeouts: { idle: 1, connect: 2 }\n`
  expect(await check(text, config)).toMatchObject({
    settings: {
      port: 7,
      timeouts: { idle: 5, connect: 2 },
      backends: [{ url: 'http://127.0.0.1:9' }],
    },
  })
  expect(await check(backends, { port: 70_000 })).toEqual({
    lines: ['balancer configuration: port is 70000; give at most 65535'],
  })
})

test('a token from the environment is for an admin port that the file opens', async () => {
  const config = { admin: { token: 'a-token-of-16-characters' } }
  const without = await check(backends, config)
  expect('settings' in without && without.settings.admin).toBe(undefined)
  expect(await check(`${backends}admin: { port: 0 }\n`, config)).toMatchObject({
    settings: { admin: { port: 0, token: 'a-token-of-16-characters' } },
  })
})

test.for([
  ['a: [1\nb: 2', /^line \d: not valid YAML: /],
  ['port: 1\nport: 2', /^line 2: field "port" is repeated/],
  ['- 1', /^line 1: the configuration is \[1\]/],
  ['', /backends is missing/],
] as const)('%j is no configuration', async ([text, line]) => {
  expect(await check(text)).toEqual({ lines: [expect.stringMatching(line)] })
})

test('a file that is not there is named', async () => {
  const checked = await checkSource({ file: '/nowhere/lb.yaml', config: {} })
  expect('problems' in checked && problemText(checked.problems[0])).toBe(
    'cannot read /nowhere/lb.yaml (ENOENT)',
  )
})

test('a secret that is not valid is not repeated', async () => {
  const { lines } = (await check(`${backends}admin: { port: 0, token: "se cret" }\n`)) as {
    lines: string[]
  }
  expect(lines[0]).toMatch(/^line 3: admin\.token is not valid; /)
})

test('secrets in the wrong place are not repeated, and each problem takes one line', async () => {
  const key = '-----BEGIN PRIVATE KEY-----\n    geheim1\n    -----END PRIVATE KEY-----'
  const urls = `backends:\n  - url: http://me:geheim2@127.0.0.1:1\n`
  const other = 'admin: [{ token: geheim3 }]\nrateLimit: "token=geheim4"\n'
  const found = [
    await check(`${backends}tls:\n  certificate: /none\n  key: |\n    ${key}\n`),
    await check(urls),
    await check(`${backends}${other}`),
  ].flatMap((one) => ('lines' in one ? one.lines : []))
  expect(found).toHaveLength(5)
  expect(found.filter((line) => /geheim|\n/.test(line))).toEqual([])
})

test('of very many mistakes the first are shown, and the number of the others', async () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('')
  const { lines } = (await check(`${backends}${text}`)) as { lines: string[] }
  expect(lines).toHaveLength(101)
  expect(lines.at(-1)).toBe('19900 further problems not shown; correct those above')
})
