import type { Random } from '../../src/kit/random.ts'

/** A mutation: returns a request changed, in latin-1 bytes. */
export type Mutation = (raw: string, dice: Dice) => string

/** Random choices of mutations. */
export interface Dice {
  /** An integer from 0 to below `bound`. */
  below(bound: number): number
  of<One>(choices: readonly One[]): One
  /** Another request of the corpus. */
  other(): string
}

/** Random choices from `random`, with `corpus` to splice from. */
export function diceOf(random: Random, corpus: readonly string[]): Dice {
  const below = (bound: number) => Math.floor(random() * bound)
  const of = <One>(choices: readonly One[]) => choices[below(choices.length)] as One
  return { below, of, other: () => of(corpus) }
}

/** Bytes on which HTTP parsers disagree. */
const bytes = [...'\0\t\n\v\f\r !"#,/:;=@\\\x7f\x80\x85\xa0\xff']
const ends = ['\n', '\r', '\r\r\n', '\n\r', '\r\n\r\n', '\r\n ', '\r\n\t', ' \r\n', '\0\r\n', '']
const lengths =
  '0|1|-1|+5|5 5|5,5|5, 6|5;5|0x5|05|5.|1e1| 5 |\t5|99999|9007199254740993|18446744073709551621|'.split(
    '|',
  )
const codings =
  'chunked|Chunked|chunked |\tchunked|xchunked|chunked, chunked|gzip, chunked|chunked, identity|identity|"chunked"|chunked;q=1|,chunked|'.split(
    '|',
  )
const sizes =
  '0|00|1|a|A|ff|0x1|-1|+1| 1|1 |1;|1;a=b|1 ;a|1;a\n|g|_1|10000000000000001|ffffffffffffffff|'.split(
    '|',
  )
const lines = [
  'Host: other.test',
  'Host:',
  'Connection: close',
  'Connection: keep-alive, te, host, via, x-forwarded-for',
  'Connection: content-length, transfer-encoding',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'TE: trailers, deflate',
  'Trailer: X-T, Content-Length',
  'Via: 1.0 lb',
  'X-Forwarded-For: 127.0.0.1',
  'Forwarded: for=127.0.0.1',
  'Max-Forwards: 0',
  'Content-Length : 5',
  'Transfer-Encoding : chunked',
  ' Transfer-Encoding: chunked',
  'Transfer_Encoding: chunked',
  'X: a\r\nGET /canary HTTP/1.1',
  ': empty',
  'X',
]

/** Replaces `raw` from `from` to `to` by `into`. */
function splice(raw: string, from: number, to: number, into: string): string {
  return raw.slice(0, from) + into + raw.slice(to)
}

/** Changes one of the matches of `pattern`, if there is any. */
function oneOf(raw: string, pattern: RegExp, { of }: Dice, into: () => string): string {
  const found = [...raw.matchAll(pattern)]
  if (found.length === 0) return raw
  const { index, 0: text } = of(found)
  return splice(raw, index, index + text.length, into())
}

/** Adds a line after one of the lines of the head. */
function addLine(raw: string, dice: Dice, line: string): string {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n') + 2)
  const positions = [...head.matchAll(/\r\n/g)].map(({ index }) => index + 2)
  const position = positions.length === 0 ? 0 : dice.of(positions)
  return splice(raw, position, position, `${line}\r\n`)
}

function span(raw: string, { below }: Dice, max: number): [number, number] {
  const from = below(raw.length + 1)
  return [from, Math.min(raw.length, from + 1 + below(max))]
}

/** Replaces one line, including its end, by the result of `into`. */
function changeLine(raw: string, dice: Dice, into: (line: string) => string): string {
  const all = raw.split(/(?<=\n)/)
  const index = dice.below(all.length)
  all[index] = into(all[index] ?? '')
  return all.join('')
}

/** All mutations, by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  flip(raw, { below }) {
    const at = below(raw.length)
    const code = raw.charCodeAt(at) ^ (1 << below(8))
    return raw === '' ? raw : splice(raw, at, at + 1, String.fromCharCode(code))
  },
  insert(raw, dice) {
    const at = dice.below(raw.length + 1)
    return splice(raw, at, at, dice.of(bytes))
  },
  replace(raw, dice) {
    const at = dice.below(raw.length)
    return splice(raw, at, at + 1, dice.of(bytes))
  },
  cut(raw, dice) {
    const [from, to] = span(raw, dice, 16)
    return splice(raw, from, to, '')
  },
  repeat(raw, dice) {
    const [from, to] = span(raw, dice, 64)
    return splice(raw, to, to, raw.slice(from, to))
  },
  truncate: (raw, { below }) => raw.slice(0, below(raw.length + 1)),
  'drop-line': (raw, dice) => changeLine(raw, dice, () => ''),
  'double-line': (raw, dice) => changeLine(raw, dice, (line) => line + line),
  'splice-line': (raw, dice) =>
    changeLine(
      raw,
      dice,
      (line) =>
        line +
        dice.of(
          dice
            .other()
            .slice(0, 4096)
            .split(/(?<=\n)/),
        ),
    ),
  'line-end': (raw, dice) => oneOf(raw, /\r?\n/g, dice, () => dice.of(ends)),
  'all-line-ends': (raw, { of }) => raw.replaceAll('\r\n', of(ends)),
  'letter-case': (raw, dice) =>
    changeLine(raw, dice, (line) => (dice.below(2) ? line.toUpperCase() : line.toLowerCase())),
  length: (raw, dice) =>
    oneOf(raw, /(?<=content-length:)[^\r\n]*/gi, dice, () => ` ${dice.of(lengths)}`),
  'length-by-one': (raw, { below }) =>
    raw.replace(/(?<=content-length: *)\d+/i, (digits) => String(Number(digits) + below(5) - 2)),
  'add-length': (raw, dice) => addLine(raw, dice, `Content-Length: ${dice.of(lengths)}`),
  coding: (raw, dice) =>
    oneOf(raw, /(?<=transfer-encoding:)[^\r\n]*/gi, dice, () => ` ${dice.of(codings)}`),
  'add-coding': (raw, dice) => addLine(raw, dice, `Transfer-Encoding: ${dice.of(codings)}`),
  'chunk-size': (raw, dice) =>
    oneOf(raw, /(?<=\n)[\da-f]+(?=[^\n]*\r\n)/gi, dice, () => dice.of(sizes)),
  'add-line': (raw, dice) => addLine(raw, dice, dice.of(lines)),
  version: (raw, dice) =>
    oneOf(raw, /HTTP\/1\.1/g, dice, () => dice.of(['HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/11'])),
  'keep-alive': (raw) => raw.replaceAll(/connection: close\r\n/gi, ''),
}
