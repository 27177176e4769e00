import type { LiveHead, LiveMessage, LivePoint, LiveTrial } from '../live/live-message.ts'

/** Messages on their way to the process of the live page. */
interface LiveMessages {
  /** Sends a message, together with others while one is under way. */
  add(message: LiveMessage): void
  /** Resolves once everything was received, or after so many milliseconds. */
  settled(maxMs: number): Promise<void>
}

/** Points that may wait; the oldest are left out. */
const maxPoints = 20_000

/**
 * Sends one message at a time, and merges those that come meanwhile: a page that is slow gets fewer and larger ones, and
 * memory stays bounded. After a failure, which `lost` receives, nothing more is sent.
 */
export function liveMessages(
  send: (message: LiveMessage) => Promise<unknown>,
  lost: (reason: string) => void,
): LiveMessages {
  let head: LiveHead | undefined
  let points: LivePoint[] = []
  let trials: LiveTrial[] = []
  let sending: Promise<void> | undefined
  let isLost = false

  const hasNews = () => head !== undefined || points.length > 0 || trials.length > 0
  const taken = (): LiveMessage => {
    const message = { ...(head && { head }), points, trials }
    head = undefined
    points = []
    trials = []
    return message
  }
  const sendAll = async (): Promise<void> => {
    try {
      while (hasNews()) await send(taken())
    } catch (error) {
      isLost = true
      lost((error as Error).message)
    }
    sending = undefined
  }

  return {
    add(message) {
      if (isLost) return
      head = message.head ?? head
      points.push(...(message.points ?? []))
      if (points.length > maxPoints) points = points.slice(-maxPoints)
      trials.push(...(message.trials ?? []))
      sending ??= sendAll()
    },
    async settled(maxMs) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, maxMs)
      await Promise.race([sending, promise])
      clearTimeout(timer)
    },
  }
}
