/**
 * Messages between the coordinator and agents, as lines of text: `lb1 TO . JSON`, where TO is the number of an agent, and
 * `.` is `+` in all parts of a message but the last. Lines without this form are output of others, such as a greeting.
 */

/** Characters of a part: `srun --label` cuts lines at 1,024 bytes, its label included. */
const partLength = 880

/** The lines of a message, each of at most 900 bytes, without their ends. Only ASCII, so that a part has as many bytes as characters. */
export function framesOf(to: number, message: unknown): string[] {
  const text = JSON.stringify(message).replaceAll(
    /[^ -~]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const parts = Math.max(1, Math.ceil(text.length / partLength))
  return Array.from({ length: parts }, (_, i) => {
    const part = text.slice(i * partLength, (i + 1) * partLength)
    return `lb1 ${to} ${i === parts - 1 ? '.' : '+'} ${part}`
  })
}

const frame = /^lb1 (\d+) ([.+]) (.*)$/

/** A message, and the agent that it is to, or from. */
export interface Framed {
  readonly agent: number
  readonly message: unknown
}

/**
 * A reader of lines: returns a message with the line that completes it, and undefined with each other line. It passes lines
 * that are no frames to `other`, and skips frames of other agents than `only`. It throws a SyntaxError where parts of a
 * message are missing.
 */
export function frameReader({
  other = () => {},
  only,
}: {
  readonly other?: (line: string) => void
  readonly only?: number
}): (line: string) => Framed | undefined {
  const parts = new Map<string, string>()
  return (line) => {
    const [, agent, sign, part] = frame.exec(line) ?? []
    if (agent === undefined || part === undefined) {
      other(line)
      return undefined
    }
    if (only !== undefined && Number(agent) !== only) return undefined
    const text = (parts.get(agent) ?? '') + part
    if (sign === '+') {
      parts.set(agent, text)
      return undefined
    }
    parts.delete(agent)
    return { agent: Number(agent), message: JSON.parse(text) }
  }
}
