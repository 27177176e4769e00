import type { ServerResponse } from 'node:http'

/** A page that follows the run: the part of its response that is used. */
export type EventStream = Pick<
  ServerResponse,
  'write' | 'end' | 'destroy' | 'writableLength' | 'on' | 'once'
>

/** The pages that follow a run. */
interface Subscribers {
  /** Adds a page, and sends it the past; ends its stream where there are as many as may be. */
  add(stream: EventStream): void
  /** Sends each page what is new. */
  send(news: string): void
  /** Ends every stream; resolves once each has been sent what it was owed, or after a short time. */
  end(): Promise<void>
  readonly count: number
}

/** Pages at most, and bytes that may wait for one that does not read. */
const [maxStreams, maxWaiting] = [32, 256 * 1024]
/** Milliseconds that a page has to read the last event. */
const endMs = 300

/**
 * Pages that are sent server-sent events (WHATWG HTML, section 9.2). A page that does not read costs at most `maxWaiting`
 * bytes and one event: it is sent nothing more, and once it has read what waits, the whole past in place of what it missed.
 */
export function subscribers(past: () => string): Subscribers {
  /** Each stream, and whether it missed something. */
  const streams = new Map<EventStream, boolean>()

  const sendTo = (stream: EventStream, missed: boolean, news: string): void => {
    if (!missed && stream.writableLength <= maxWaiting) {
      stream.write(event(news))
      return
    }
    const canRead = stream.writableLength === 0
    if (canRead) stream.write(event(past()))
    streams.set(stream, !canRead)
  }

  return {
    add(stream) {
      if (streams.size >= maxStreams) {
        stream.end()
        return
      }
      // A page that is closed while it is written to.
      stream.on('error', () => {})
      stream.once('close', () => streams.delete(stream))
      streams.set(stream, false)
      stream.write(`retry: 1000\n\n${event(past())}`)
    },
    send(news) {
      for (const [stream, missed] of streams) sendTo(stream, missed, news)
    },
    async end() {
      const ended = [...streams.keys()].map((stream) => {
        const { promise, resolve } = Promise.withResolvers<void>()
        stream.once('close', resolve)
        stream.end()
        return promise
      })
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, endMs)
      await Promise.race([Promise.all(ended), late])
      clearTimeout(timer)
      for (const stream of streams.keys()) stream.destroy()
    },
    get count() {
      return streams.size
    },
  }
}

/** JSON has no line breaks, so it is one line of data. */
function event(json: string): string {
  return `data: ${json}\n\n`
}
