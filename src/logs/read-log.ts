import { UsageError } from '../kit/errors.ts'
import { grouped, percent } from '../kit/units.ts'
import type { LogEntry, LogFormat } from './log-format.ts'
import { formatOf, logFormats } from './registry.ts'

/** How a log is read. */
export interface ReadOptions {
  /** The format by name; found from the first lines if absent. */
  readonly format?: string | undefined
  /** Entries to read; the lines behind them are not looked at. */
  readonly maxEntries: number
  /** Accept more than 1 % of lines that do not parse. */
  readonly allowUnparsed: boolean
}

/** A log that was read. */
export interface ReadLog {
  readonly format: LogFormat
  /** In the order of the file. */
  readonly entries: readonly LogEntry[]
  /** Lines that were read, without empty ones. */
  readonly lines: number
  /** Lines that do not parse, and the first of them with its number in the file. */
  readonly unparsed: number
  readonly firstUnparsed: { readonly line: number; readonly text: string } | undefined
  /** Whether lines were left because there were `maxEntries`. */
  readonly isTruncated: boolean
}

/** Lines from which the format is found. */
const sampleLines = 20

/** Fraction of lines that may fail to parse. */
const maxUnparsed = 0.01

/** Lines after which a log that is none is refused, before it is read to its end. */
const earlyCheck = 10_000

/** Milliseconds by which a line may be older than one before it: workers write their buffers late. */
const maxBackwardsMs = 60_000

/** Characters of a line that are shown. */
const shownLine = 120

/**
 * Reads the requests of an access log.
 *
 * @throws {UsageError} no line has a known format, too many do not parse, or times go back by more than a minute
 */
export async function readLog(
  lines: AsyncIterable<string>,
  { format: name, maxEntries, allowUnparsed }: ReadOptions,
): Promise<ReadLog> {
  const reading = new Reading(logFormats.find((one) => one.name === name))
  let isTruncated = false
  for await (const line of lines) {
    isTruncated = reading.entries.length >= maxEntries
    if (isTruncated) break
    reading.add(line)
    if (reading.lines % earlyCheck === 0 && !allowUnparsed) reading.checkUnparsed()
  }
  const format = reading.decided()
  if (!allowUnparsed) reading.checkUnparsed()
  const { entries, unparsed, firstUnparsed } = reading
  // Lines from which the format was found may hold more entries than are wanted.
  const wanted = entries.slice(0, maxEntries)
  isTruncated ||= wanted.length < entries.length
  return { format, entries: wanted, lines: reading.lines, unparsed, firstUnparsed, isTruncated }
}

class Reading {
  readonly entries: LogEntry[] = []
  lines = 0
  unparsed = 0
  firstUnparsed: ReadLog['firstUnparsed']
  /** Lines that wait for the format, with their numbers. */
  #sample: { readonly text: string; readonly number: number }[] = []
  #format: LogFormat | undefined
  #number = 0
  #latestMs = Number.NEGATIVE_INFINITY

  constructor(format: LogFormat | undefined) {
    this.#format = format
  }

  add(text: string): void {
    this.#number++
    if (text.trim() === '') return
    this.lines++
    if (this.#format !== undefined) this.#read(this.#format, text, this.#number)
    else if (this.#sample.push({ text, number: this.#number }) >= sampleLines) this.decided()
  }

  /** The format, from the first lines unless it was given. */
  decided(): LogFormat {
    if (this.#format !== undefined) return this.#format
    const found = formatOf(this.#sample.map(({ text }) => text))
    if (found === undefined) throw unknownFormat(this.#sample[0])
    this.#format = found
    for (const { text, number } of this.#sample) this.#read(found, text, number)
    this.#sample = []
    return found
  }

  /** @throws {UsageError} more than 1 % of the lines do not parse */
  checkUnparsed(): void {
    const { unparsed, lines, firstUnparsed } = this
    if (unparsed <= lines * maxUnparsed) return
    throw new UsageError(
      `${grouped(unparsed)} of ${grouped(lines)} lines (${percent(unparsed / lines)}) are not of format ${this.#format?.name}, the first is line ${firstUnparsed?.line}: ${firstUnparsed?.text}`,
      'give the format with --log-format, or leave such lines out with --allow-unparsed',
    )
  }

  #read(format: LogFormat, text: string, number: number): void {
    const entry = format.read(text)
    if (entry === undefined) {
      this.unparsed++
      this.firstUnparsed ??= { line: number, text: text.slice(0, shownLine) }
      return
    }
    this.#checkOrder(format, entry, number)
    this.entries.push(entry)
  }

  /** Lines are written when requests end. */
  #checkOrder({ time }: LogFormat, { atMs, tookMs = 0 }: LogEntry, number: number): void {
    const endMs = time === 'end' ? atMs : atMs + tookMs
    const backMs = this.#latestMs - endMs
    this.#latestMs = Math.max(this.#latestMs, endMs)
    if (backMs <= maxBackwardsMs) return
    throw new UsageError(
      `times go back by ${grouped(backMs / 1000)} s at line ${number} of the log`,
      'give a log in order of time: without parts of other logs, and without a change of the clock',
    )
  }
}

function unknownFormat(first: { readonly text: string; readonly number: number } | undefined) {
  const names = logFormats.map(({ name }) => name).join(', ')
  return first === undefined
    ? new UsageError('the log has no lines', 'give --log an access log with requests')
    : new UsageError(
        `none of the first lines of the log has a known format, line ${first.number}: ${first.text.slice(0, shownLine)}`,
        `the formats are ${names}: see docs/guide/choose.md`,
      )
}
