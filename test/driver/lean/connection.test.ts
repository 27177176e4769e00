import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type Connection, connector } from '../../../src/driver/lean/connection.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { certificateOf, privateKey } from '../../balancer/support/certificates.ts'
import { ok, scriptedServer } from '../../support/http/scripted-server.ts'
import { load } from '../drive-load.ts'

/** Sends `count` requests one after another on one connection; the outcome of each. */
async function outcomes(count: number, url: URL, options: Partial<Load> = {}): Promise<unknown[]> {
  const seen: unknown[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const connection: Connection = connector(
    load(options),
    url,
  )({
    completed: (_, status) => void seen.push(status),
    failed: (_, kind) => void seen.push(kind),
    free(one) {
      if (seen.length < count) one.send(performance.now())
      else resolve()
    },
  })
  connection.send(performance.now())
  await promise
  connection.close()
  return seen
}

test('a connection with bytes behind a response is not used again', async () => {
  await using server = await scriptedServer(() => ({ answer: `${ok}${ok}` }))
  expect(await outcomes(3, server.url)).toEqual([200, 200, 200])
  expect(server.connections).toBe(3)
})

test('a connection is used again after a complete response', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  expect(await outcomes(3, server.url)).toEqual([200, 200, 200])
  expect(server.connections).toBe(1)
})

test('an untrusted certificate fails each request, unless any is accepted', async () => {
  const options = { cert: readFileSync(certificateOf('backend')), key: privateKey }
  const server = createServer(options, (_, response) => response.end('ok'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect(await outcomes(1, url)).toEqual([expect.stringMatching(/CERT|ISSUER|SIGNATURE/)])
  expect(await outcomes(2, url, { insecure: true })).toEqual([200, 200])
  server.closeAllConnections()
  server.close()
})
