import { expect, test } from 'vitest'
import { codeClient } from '../../src/driver/journey/code-client.ts'
import { fakeClient } from '../k6/fake-client.ts'

test('short forms of requests are named by method and path, and send values as JSON', async () => {
  const fake = fakeClient()
  const client = codeClient(fake)
  await client.get('http://shop.test/items?page=2')
  const echoed = await client.post('http://shop.test/echo', { id: 7 }, { redirects: 2 })
  await client
    .request({ method: 'PUT', url: '/items/7', name: 'change', body: 'x' })
    .catch(() => undefined)
  expect(echoed.json()).toEqual({ id: 7 })
  expect(echoed.text).toBe('{"id":7}')
  expect(fake.sent).toEqual([
    { name: 'GET /items', method: 'GET', url: 'http://shop.test/items?page=2', headers: {} },
    {
      name: 'POST /echo',
      method: 'POST',
      url: 'http://shop.test/echo',
      headers: { 'content-type': 'application/json' },
      body: '{"id":7}',
      redirects: 2,
    },
    { name: 'change', method: 'PUT', url: '/items/7', headers: {}, body: 'x' },
  ])
})

test('checks, pauses, groups and metrics are those of the visit', async () => {
  const fake = fakeClient({ visitor: 3, iteration: 2 })
  const client = codeClient(fake)
  client.check('ok', true)
  await client.pause(2)
  expect(await client.group('g', async () => client.visitor + client.iteration)).toBe(5)
  client.metric('orders', 'counter', 1)
  expect([fake.checks, fake.pauses, fake.groups, fake.metrics]).toEqual([
    [{ name: 'ok', passed: true }],
    [2],
    ['g'],
    [{ name: 'orders', kind: 'counter', value: 1 }],
  ])
})
