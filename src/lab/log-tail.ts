import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes read from the end of a log: enough for a stack trace, whatever its length. */
const window = 4096

/** Of a stack trace only what it is about is worth a line. */
const frame = /^(at .*|Node\.js v.*|[\^~{}]*)$/

/** Lines that are repeated: enough for an error and what it is about. */
const most = 8

/** What a process said last, for the hint of its error; without a log its words went to our own output. */
export function logTail(log: string | undefined): string {
  if (log === undefined) return 'Its output is above.'
  const lines = lastLines(log)
  return lines.length === 0 ? 'It printed nothing.' : `It last said (${log}):\n${lines.join('\n')}`
}

function lastLines(file: string): string[] {
  let opened: number | undefined
  try {
    opened = openSync(file, 'r')
    const start = Math.max(0, fstatSync(opened).size - window)
    const text = Buffer.alloc(window)
    const read = readSync(opened, text, 0, window, start)
    return text
      .toString('utf8', 0, read)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => !frame.test(line))
      .slice(-most)
  } catch {
    return []
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}
