import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes that are read from the end of a log: enough for a stack trace of any length. */
const tailBytes = 4096

/** Lines of a stack trace that do not describe the error. */
const stackFrame = /^(at .*|Node\.js v.*|[\^~{}]*)$/

/** Maximum number of lines: enough for an error and its context. */
const maxLines = 8

/** The last lines of a process's log, as the hint of its error. Without a log it wrote to our own output. */
export function logTail(log: string | undefined): string {
  if (log === undefined) return 'See its output above.'
  const lines = lastLines(log)
  return lines.length === 0
    ? 'It printed nothing.'
    : `Last lines of its log (${log}):\n${lines.join('\n')}`
}

function lastLines(file: string): string[] {
  let opened: number | undefined
  try {
    opened = openSync(file, 'r')
    const start = Math.max(0, fstatSync(opened).size - tailBytes)
    const text = Buffer.alloc(tailBytes)
    const read = readSync(opened, text, 0, tailBytes, start)
    return text
      .toString('utf8', 0, read)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => !stackFrame.test(line))
      .slice(-maxLines)
  } catch {
    return []
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}
