import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { which } from '../../../src/host/which.ts'
import { balance } from '../support/balance.ts'
import { certificateOf, privateKeyFile } from '../support/certificates.ts'

const go = which('go')
const source = new URL('./support/go-peer.go', import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), 'lb-go-'))
afterAll(() => rmSync(scratch, { recursive: true }))
const peer = join(scratch, 'go-peer')
const ca = certificateOf('ca')
const tls = { certificate: certificateOf('backend'), key: privateKeyFile }

/** A backend of Go over TLS. */
async function goBackend() {
  const child: ChildProcess = spawn(peer, ['serve', tls.certificate, tls.key], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [port] = await once(child.stdout as Readable, 'data')
  return {
    port: Number(port),
    async [Symbol.asyncDispose]() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

/** Downloads, uploads with a length, and chunked uploads with trailers, 20 of each at once: the responses, counted. */
async function load(port: number): Promise<string[]> {
  const args = ['load', `https://127.0.0.1:${port}/`, ca, '60']
  const { stdout } = await promisify(execFile)(peer, args)
  return stdout.trim().split('\n').sort()
}

// Standard library only, so that nothing is downloaded. Go's net/http has HTTP/2 without TLS only since 1.24.
describe.skipIf(go === undefined)(`Go's net/http (Debian: golang-go)`, () => {
  beforeAll(() => {
    execFileSync(go ?? '', ['build', '-o', peer, source], {
      env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
    })
  }, 120_000)

  test('as client, and as backend in HTTP/2 at once', async () => {
    await using backend = await goBackend()
    await using balancer = await balance([1], {
      tls,
      workers: 1,
      backendTls: { ca },
      backends: [{ url: `https://127.0.0.1:${backend.port}`, weight: 1 }],
    })
    expect(await load(balancer.port)).toEqual([
      '20 × GET HTTP/2.0 200 OK true; HTTP/2.0; .',
      '20 × POST HTTP/2.0 200 OK true; HTTP/2.0; trailer.',
      '20 × PUT HTTP/2.0 200 OK true; HTTP/2.0; .',
    ])
  })
})
