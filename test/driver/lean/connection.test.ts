import { expect, test } from 'vitest'
import { ok, scriptedServer } from '../../support/http/scripted-server.ts'
import { outcomes } from './outcomes.ts'

test('a connection with bytes behind a response is not used again', async () => {
  await using server = await scriptedServer(() => ({ answer: `${ok}${ok}` }))
  expect((await outcomes(3, server.url)).seen).toEqual([200, 200, 200])
  expect(server.connections).toBe(3)
})

test('a connection is used again after a complete response', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const { seen, facts } = await outcomes(3, server.url)
  expect(seen).toEqual([200, 200, 200])
  expect(server.connections).toBe(1)
  expect(facts).toEqual({
    protocol: 'http/1.1',
    addresses: { [server.url.host]: { opened: 1, responses: 3, failed: 0 } },
  })
})
