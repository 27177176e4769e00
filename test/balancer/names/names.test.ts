import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ResolverSettings } from '../../../src/balancer/config/resolver-settings.ts'
import { type Names, newNames } from '../../../src/balancer/names/names.ts'
import { eventually } from '../support/balance.ts'
import { nameServer } from '../support/name-server.ts'

/** Names with files of their own and a clock that the test moves. */
async function fixture(settings: Partial<ResolverSettings>, files: Record<string, string> = {}) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const path = (name: string) => join(folder.path, name)
  const write = (name: string, text: string) => writeFileSync(path(name), text)
  for (const [name, text] of Object.entries(files)) write(name, text)
  const moved: [string, readonly string[]][] = []
  const clock = { now: 1000 }
  const names = newNames({
    settings: { timeout: 0.3, ...settings },
    now: () => clock.now,
    onMoved: (host, addresses) => void moved.push([host, addresses]),
    files: { hosts: path('hosts'), resolvConf: path('resolv'), nsswitch: path('nsswitch') },
  })
  return {
    names,
    clock,
    moved,
    write,
    async [Symbol.asyncDispose]() {
      names.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** The addresses in the order in which a connection would try them, or the reason of the failure. */
function lookup({ lookup }: Names, host: string): Promise<string[] | string> {
  const { promise, resolve } = Promise.withResolvers<string[] | string>()
  lookup(host, { all: true }, (error, found) => {
    if (error === null) resolve((found as { address: string }[]).map(({ address }) => address))
    else resolve((error as { failureReason?: string }).failureReason ?? `${error}`)
  })
  return promise
}

test('connections begin with each address in turn, of both families, and ask the name server once', async () => {
  await using server = await nameServer({
    'a.test': { a: ['127.0.0.2', '127.0.0.3'], aaaa: ['::1'] },
  })
  await using all = await fixture({ servers: [server.address] })
  const firsts = []
  for (let n = 0; n < 6; n++) firsts.push((await lookup(all.names, 'a.test'))[0])
  expect(firsts.slice(0, 3).toSorted()).toEqual(['127.0.0.2', '127.0.0.3', '::1'])
  expect(firsts.slice(3)).toEqual(firsts.slice(0, 3))
  expect(server.asked).toHaveLength(2)
})

test('an address that did not connect is tried last for a while', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.2', '127.0.0.3'] } })
  await using all = await fixture({ servers: [server.address], refresh: 1000 })
  await lookup(all.names, 'a.test')
  all.names.connectFailed('a.test', '127.0.0.2')
  const order = ['127.0.0.3', '127.0.0.2']
  expect(await lookup(all.names, 'a.test')).toEqual(order)
  expect(await lookup(all.names, 'a.test')).toEqual(order)
  all.clock.now += 11
  const firsts = [(await lookup(all.names, 'a.test'))[0], (await lookup(all.names, 'a.test'))[0]]
  expect(firsts.toSorted()).toEqual(['127.0.0.2', '127.0.0.3'])
})

test('a name that moved is followed once its TTL is over, without a connection that waits', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.2'], ttl: 5 } })
  await using all = await fixture({ servers: [server.address] })
  const hosts = new Set(['a.test'])
  expect(await lookup(all.names, 'a.test')).toEqual(['127.0.0.2'])
  server.zones.set('a.test', { a: ['127.0.0.9'], ttl: 5 })
  all.clock.now += 4.9
  all.names.refresh(hosts)
  expect(all.moved).toHaveLength(1)
  all.clock.now += 0.2
  all.names.refresh(hosts)
  expect(await lookup(all.names, 'a.test')).toEqual(['127.0.0.2'])
  await eventually(() => all.moved.length === 2)
  expect(all.moved[1]).toEqual(['a.test', ['127.0.0.9']])
  expect(await lookup(all.names, 'a.test')).toEqual(['127.0.0.9'])
})

test('`refresh` replaces the TTL', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.2'], ttl: 300 } })
  await using all = await fixture({ servers: [server.address], refresh: 2 })
  await lookup(all.names, 'a.test')
  all.clock.now += 2
  all.names.refresh(new Set(['a.test']))
  await eventually(() => server.asked.length === 4)
})

test.for(['silent', 'broken'] as const)(
  'the last known addresses are kept while the name server is %s',
  async (fault) => {
    await using server = await nameServer({ 'a.test': { a: ['127.0.0.2'], ttl: 1 } })
    await using all = await fixture({ servers: [server.address] })
    await lookup(all.names, 'a.test')
    server.zones.set('a.test', { fault })
    for (let n = 0; n < 3; n++) {
      const before = server.asked.length
      await eventually(() => {
        // While the lookup before this one has not ended, there is none.
        all.clock.now += 100
        all.names.refresh(new Set(['a.test']))
        return server.asked.length >= before + 2
      })
      expect(await lookup(all.names, 'a.test')).toEqual(['127.0.0.2'])
    }
    expect(all.moved).toHaveLength(1)
  },
)

test('the addresses of a name that no longer exists are kept for 30 s', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.2'], ttl: 1 } })
  await using all = await fixture({ servers: [server.address] })
  await lookup(all.names, 'a.test')
  server.zones.delete('a.test')
  for (const expected of [['127.0.0.2'], 'name-not-found']) {
    all.clock.now += 31
    const before = server.asked.length
    all.names.refresh(new Set(['a.test']))
    await eventually(() => server.asked.length >= before + 2)
    if (expected === 'name-not-found') await eventually(() => all.moved.length === 2)
    expect(await lookup(all.names, 'a.test')).toEqual(expected)
  }
})

test('a silent name server ends a lookup in time, holds up no other name, and is not waited for again', async () => {
  await using server = await nameServer({
    'dead.test': { fault: 'silent' },
    'live.test': { a: ['127.0.0.2'] },
  })
  await using all = await fixture({ servers: [server.address] })
  const dead = Array.from({ length: 20 }, () => lookup(all.names, 'dead.test'))
  expect(await lookup(all.names, 'live.test')).toEqual(['127.0.0.2'])
  expect(new Set(await Promise.all(dead))).toEqual(new Set(['lookup-timeout']))
  const asked = server.asked.length
  expect(await lookup(all.names, 'dead.test')).toBe('lookup-timeout')
  expect(server.asked).toHaveLength(asked)
})

test('a name that is unknown at first is found later', async () => {
  await using server = await nameServer({})
  await using all = await fixture({ servers: [server.address] })
  expect(await lookup(all.names, 'a.test')).toBe('name-not-found')
  server.zones.set('a.test', { a: ['127.0.0.2'] })
  all.clock.now += 1
  all.names.refresh(new Set(['a.test']))
  await eventually(() => all.moved.length === 1)
  expect(await lookup(all.names, 'a.test')).toEqual(['127.0.0.2'])
})

test('a family without reply keeps its addresses', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.2'], aaaa: ['::1'], ttl: 1 } })
  await using all = await fixture({ servers: [server.address] })
  expect((await lookup(all.names, 'a.test')).length).toBe(2)
  server.zones.set('a.test', { a: ['127.0.0.3'], aaaa: 'silent', ttl: 1 })
  all.clock.now += 2
  all.names.refresh(new Set(['a.test']))
  await eventually(() => all.moved.length === 2)
  expect(all.moved[1]?.[1].toSorted()).toEqual(['127.0.0.3', '::1'])
})

test('the hosts file comes first, is read again, and needs no name server', async () => {
  await using server = await nameServer({ 'known.test': { a: ['127.0.0.7'] } })
  const hosts =
    '# a comment\n127.0.0.2 Known.test alias # more\n0:0:0:0:0:0:0:1 known.test\nnonsense\n'
  await using all = await fixture({ servers: [server.address] }, { hosts })
  expect(((await lookup(all.names, 'known.test')) as string[]).toSorted()).toEqual([
    '127.0.0.2',
    '::1',
  ])
  expect(await lookup(all.names, 'ALIAS')).toEqual(['127.0.0.2'])
  all.write('hosts', '127.0.0.5 known.test\n')
  all.clock.now += 10
  all.names.refresh(new Set(['known.test']))
  await eventually(() => all.moved.at(-1)?.[1][0] === '127.0.0.5')
  expect(server.asked).toEqual([])
})

test('localhost is this host without a hosts file', async () => {
  await using all = await fixture({ servers: ['127.0.0.1:9'] })
  expect(((await lookup(all.names, 'localhost')) as string[]).toSorted()).toEqual([
    '127.0.0.1',
    '::1',
  ])
  expect(((await lookup(all.names, 'app.localhost.')) as string[]).length).toBe(2)
})

test('connections to localhost begin with IPv4 each time', async () => {
  await using all = await fixture({}, { hosts: '::1 localhost\n127.0.0.1 localhost\n' })
  for (let n = 0; n < 3; n++) {
    expect(await lookup(all.names, 'localhost')).toEqual(['127.0.0.1', '::1'])
  }
})

test('a search domain whose server fails does not hide the next one', async () => {
  await using server = await nameServer({
    'app.none.test': { fault: 'broken' },
    'app.cluster.test': { a: ['127.0.0.2'] },
    'gone.none.test': { fault: 'broken' },
  })
  const resolv = 'search none.test cluster.test\n'
  await using all = await fixture({ servers: [server.address] }, { resolv })
  expect(await lookup(all.names, 'app')).toEqual(['127.0.0.2'])
  // Nobody knows whether it exists: the last known addresses would be kept.
  expect(await lookup(all.names, 'gone')).toBe('lookup-failed')
})

test('search domains apply as the resolver of libc applies them', async () => {
  await using server = await nameServer({
    'web.cluster.test': { a: ['127.0.0.2'] },
    'web.api': { a: ['127.0.0.3'] },
    absolute: { a: ['127.0.0.4'] },
  })
  const resolv = 'nameserver 127.0.0.1\nsearch none.test cluster.test.\noptions timeout:1 ndots:1\n'
  await using all = await fixture({ servers: [server.address] }, { resolv })
  expect(await lookup(all.names, 'web')).toEqual(['127.0.0.2'])
  expect(server.asked.filter((_, n) => n % 2 === 0)).toEqual(['web.none.test', 'web.cluster.test'])
  expect(await lookup(all.names, 'web.api')).toEqual(['127.0.0.3'])
  expect(await lookup(all.names, 'absolute.')).toEqual(['127.0.0.4'])
  expect(await lookup(all.names, 'absolute')).toEqual(['127.0.0.4'])
})

test('a lookup of a name that is no longer needed ends', async () => {
  await using server = await nameServer({ 'a.test': { fault: 'silent' } })
  await using all = await fixture({ servers: [server.address], timeout: 100 })
  const pending = lookup(all.names, 'a.test')
  await eventually(() => server.asked.length > 0)
  all.names.refresh(new Set())
  expect(await pending).toBe('lookup-timeout')
  expect(all.moved).toEqual([])
})
