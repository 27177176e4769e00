import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeWhatFits } from '../../../src/balancer/process/write-what-fits.ts'
import { eventually } from '../support/balance.ts'
import { exchange } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const bin = new URL('../../../bin/dev.js', import.meta.url).pathname
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

/** A stream on a file that is opened for writing. */
function streamOn(path: string) {
  const stream = { fd: openSync(path, 'w') } as Parameters<typeof writeWhatFits>[0]
  writeWhatFits(stream)
  return stream
}

test('text is written at once, and its writer goes on', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const path = join(folder.path, 'out')
  const stream = streamOn(path)
  expect(stream.write('a line\n')).toBe(true)
  await new Promise<void>((done) => void stream.write(Buffer.from('another\n'), () => done()))
  expect(readFileSync(path, 'utf8')).toBe('a line\nanother\n')
})

test('text for which there is no room is lost', async () => {
  const full = streamOn('/dev/full')
  await new Promise<void>((done) => void full.write('a line\n', 'utf8', () => done()))
})

test('a balancer whose log is on a full disk goes on', async () => {
  await using backend = await recordingBackend()
  const flags = ['--port', '0', '--admin-port', '0', '--no-supervise']
  const child = spawn(
    process.execPath,
    [bin, 'serve', ...flags, '--backend', `http://127.0.0.1:${backend.port}`],
    { stdio: ['ignore', 'pipe', openSync('/dev/full', 'w')] },
  )
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  const exited = once(child, 'exit')
  await eventually(() => text.includes('admin port: ') || child.exitCode !== null)
  const [port = 0, admin = 0] = (text.match(/(?<=127\.0\.0\.1:)\d+/g) ?? []).map(Number)
  child.kill('SIGHUP')
  const reloads = async () => (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()
  await eventually(async () => /reloads_total\{result="applied"\} 1/.test(await reloads()))
  expect(await exchange(port, get)).toMatch(/ok$/)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})
