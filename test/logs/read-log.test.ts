import { expect, test } from 'vitest'
import { arrivalsOf, replayed } from '../../src/logs/log-arrivals.ts'
import { readLog } from '../../src/logs/read-log.ts'

const options = { maxEntries: 1000, allowUnparsed: false }

async function* from(lines: readonly string[]) {
  yield* lines
}

function line(second: number, key = '10.0.0.1', took = '') {
  const time = new Date(second * 1000).toISOString().slice(11, 19)
  return `${key} - - [10/Oct/2026:${time} +0000] "GET / HTTP/1.1" 200 5 ${took}`
}

const lines = Array.from({ length: 200 }, (_, i) => line(Math.floor(i / 10), `10.0.0.${i}`))

test('lines that do not parse are counted, and the first is shown with its number', async () => {
  const log = await readLog(from(['', ...lines, 'nonsense', 'more']), options)
  expect(log).toMatchObject({ lines: 202, unparsed: 2, isTruncated: false })
  expect(log.firstUnparsed).toEqual({ line: 202, text: 'nonsense' })
})

test('more than 1 % of them are refused, unless they are allowed', async () => {
  const bad = [...lines, 'nonsense', 'b', 'c']
  await expect(readLog(from(bad), options)).rejects.toThrow(
    '3 of 203 lines (1.5 %) are not of format combined, the first is line 201: nonsense',
  )
  const log = await readLog(from(bad), { ...options, allowUnparsed: true })
  expect(log.entries).toHaveLength(200)
})

test('a log without requests, and one of no known format, are refused', async () => {
  await expect(readLog(from([' ']), options)).rejects.toThrow('the log has no lines')
  await expect(readLog(from(['', 'what']), options)).rejects.toThrow(
    'none of the first lines of the log has a known format, line 2: what',
  )
  await expect(readLog(from(lines), { ...options, format: 'caddy' })).rejects.toThrow(
    '200 of 200 lines (100 %) are not of format caddy',
  )
})

test('a log that is none is refused before its end', async () => {
  let read = 0
  async function* endless() {
    yield* lines
    for (;;) {
      read++
      yield 'nonsense'
    }
  }
  await expect(readLog(endless(), options)).rejects.toThrow('are not of format combined')
  expect(read).toBeLessThan(20_000)
})

test('a log is read up to the wanted requests', async () => {
  const few = await readLog(from(lines), { ...options, maxEntries: 5 })
  expect([few.entries.length, few.isTruncated]).toEqual([5, true])
  const some = await readLog(from(lines), { ...options, maxEntries: 150 })
  expect([some.entries.length, some.lines, some.isTruncated]).toEqual([150, 150, true])
  const all = await readLog(from(lines), { ...options, maxEntries: 200 })
  expect([all.entries.length, all.isTruncated]).toEqual([200, false])
})

test('times that go back are sorted within a minute, and refused beyond', async () => {
  const log = await readLog(
    from([line(100, 'late'), line(41, 'early'), line(101, 'last')]),
    options,
  )
  expect(arrivalsOf(log, 1).keys).toEqual(['early', 'late', 'last'])
  await expect(readLog(from([line(100), line(39)]), options)).rejects.toThrow(
    'times go back by 61 s at line 2 of the log',
  )
})

test('whole seconds are spread within their second, in the order of the file, by the seed', async () => {
  const log = await readLog(from(lines), options)
  const { times, keys } = arrivalsOf(log, 1)
  expect(keys).toEqual(lines.map((_, i) => `10.0.0.${i}`))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(new Set(times).size).toBe(200)
  // The first draw is within the first second: so is every other in its own, shifted by it.
  times.forEach((time, i) => {
    expect(Math.abs(time - Math.floor(i / 10))).toBeLessThan(1)
  })
  expect(arrivalsOf(log, 1).times).toEqual(times)
  expect(arrivalsOf(log, 2).times).not.toEqual(times)
})

test('what a request took is subtracted from the time of its end', async () => {
  const log = await readLog(from([line(10, 'short', '0.001'), line(12, 'long', '9.000')]), options)
  expect(arrivalsOf(log, 1).keys).toEqual(['long', 'short'])
})

test('requests at one time have no rate', async () => {
  const log = await readLog(from([line(1)]), options)
  expect(() => arrivalsOf(log, 1)).toThrow('there is no rate')
})

test('a replay is faster, and ends at the horizon', () => {
  const arrivals = { times: [0, 1, 2, 3], keys: ['a', 'b', 'c', 'd'] }
  expect(replayed(arrivals, { speed: 2 }).times).toEqual([0, 0.5, 1, 1.5])
  expect(replayed(arrivals, { speed: 1, horizon: 1.5 })).toEqual({
    times: [0, 1],
    keys: ['a', 'b'],
  })
})
