import { readFileSync } from 'node:fs'
import { type Random, seeded } from '../../src/kit/random.ts'
import type { HttpCase } from '../../test/balancer/support/http-case.ts'
import { type Dice, diceOf, mutations } from './mutations.ts'

/** The bytes that one client sends. The same seed and number always give the same case. */
export interface FuzzCase {
  readonly number: number
  /** The client's address on loopback: the balancer adds it to requests, and no client can change that. */
  readonly address: string
  /** Latin-1 bytes. */
  readonly raw: string
  /** Positions at which `raw` is cut into pieces that are sent one after the other. */
  readonly cuts: readonly number[]
  readonly ending: Ending
  /** The names of its mutations. */
  readonly applied: readonly string[]
}

/** What the client does after sending: waits, closes its side, or closes the connection at once. */
type Ending = 'wait' | 'half-close' | 'close' | 'reset'

const file = new URL('../../test/cases/http/requests.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as HttpCase[]

const canary = 'GET /canary HTTP/1.1\r\nHost: canary.test\r\n\r\n'
const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`
/** Valid requests that contain a request where none must be read. */
const planted = [
  `GET /field HTTP/1.1\r\nHost: lb.test\r\nX-A: ${canary.replaceAll('\r\n', ' ')}\r\n\r\n`,
  `POST /counted HTTP/1.1\r\nHost: lb.test\r\nContent-Length: ${canary.length}\r\n\r\n${canary}`,
  `POST /chunked HTTP/1.1\r\nHost: lb.test\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(canary)}${chunk('x')}0\r\nX-T: 1\r\n\r\n`,
  `PUT /large HTTP/1.1\r\nHost: lb.test\r\nContent-Length: 100000\r\n\r\n${canary.repeat(3000).slice(0, 100_000)}`,
  `PUT /chunks HTTP/1.1\r\nHost: lb.test\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(canary).repeat(2000)}0\r\n\r\n`,
  `POST /expecting HTTP/1.1\r\nHost: lb.test\r\nExpect: 100-continue\r\nContent-Length: ${canary.length}\r\n\r\n${canary}`,
  'HEAD /head HTTP/1.1\r\nHost: lb.test\r\n\r\n',
  'GET /204 HTTP/1.1\r\nHost: lb.test\r\n\r\n',
]
const corpus = [...cases.map(({ raw }) => raw), ...planted]
const names = Object.keys(mutations)

/** The case with this number. */
export function fuzzCase(seed: number, number: number): FuzzCase {
  const random = seeded(Math.imul(seed, 0x9e3779b1) + number)
  const dice = diceOf(random, corpus)
  const applied: string[] = []
  // Every third one pipelines a second request behind the first.
  let raw = mutated(dice, random, applied)
  if (random() < 0.33) raw += mutated(dice, random, applied)
  return {
    number,
    address: `127.${1 + ((number >> 16) & 63)}.${(number >> 8) & 255}.${number & 255}`,
    raw,
    cuts: cutsOf(raw.length, dice),
    ending: dice.of(['wait', 'wait', 'wait', 'wait', 'half-close', 'half-close', 'close', 'reset']),
    applied,
  }
}

function mutated(dice: Dice, random: Random, applied: string[]): string {
  let raw = dice.other()
  if (dice.below(2) === 0)
    raw = (mutations['keep-alive'] as (raw: string, dice: Dice) => string)(raw, dice)
  // One on average: a request with many faults is refused for the first of them.
  while (random() < 0.5) {
    const name = dice.of(names)
    applied.push(name)
    raw = mutations[name]?.(raw, dice) ?? raw
  }
  return raw
}

function cutsOf(length: number, { below }: Dice): number[] {
  const kind = below(4)
  if (kind < 2 || length < 2) return []
  if (kind === 3 && length < 1000) return Array.from({ length: length - 1 }, (_, at) => at + 1)
  const cuts = Array.from({ length: 1 + below(4) }, () => 1 + below(length - 1))
  return [...new Set(cuts)].sort((a, b) => a - b)
}
