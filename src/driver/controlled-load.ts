import type { LoadControl } from './driver.ts'

/** One load in the process of a driver, whose phases its coordinator decides by messages. */
export interface ControlledLoad {
  /** What the driver sees of it. */
  readonly control: LoadControl
  /** The coordinator's message that the load begins. */
  begin(): void
  /** Its message that the window opens. */
  open(steady: boolean): void
  /** The load is over: no further message is sent. */
  end(): void
}

/** Milliseconds between two messages: of responses during the warm-up and in the window, and that the driver is alive. */
const [binsMs, windowBinsMs, aliveMs] = [100, 250, 1000]

/**
 * A load that waits for its coordinator. Messages to it: `ready`; `bins` with the responses of each 100 ms that passed
 * since the last; `warmedUp`; `opened`; `closed`; and `alive`, so that silence means that the driver is lost. Responses in
 * the window are sent only where the load is observed.
 */
export function controlledLoad(
  send: (event: string, payload: unknown) => void,
  signal: AbortSignal,
  { observed }: { readonly observed: boolean } = { observed: false },
): ControlledLoad {
  const begun = Promise.withResolvers<void>()
  const opening = Promise.withResolvers<boolean>()
  const abort = (): void => {
    begun.reject(signal.reason)
    opening.reject(signal.reason)
  }
  for (const { promise } of [begun, opening]) promise.catch(() => undefined)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  const alive = setInterval(() => send('alive', null), aliveMs)
  let reporting: NodeJS.Timeout | undefined
  let responses = (): readonly number[] => []
  let reported = 0
  const report = (): void => {
    const passed = responses()
    if (passed.length > reported) send('bins', passed.slice(reported))
    reported = passed.length
  }

  return {
    control: {
      ready() {
        send('ready', null)
        return begun.promise
      },
      async warmUp(bins) {
        const beganMs = performance.now()
        responses = bins
        reporting = setInterval(report, binsMs)
        try {
          const steady = await opening.promise
          return { seconds: (performance.now() - beganMs) / 1e3, steady }
        } finally {
          clearInterval(reporting)
          if (observed) reporting = setInterval(report, windowBinsMs)
        }
      },
      warmedUp() {
        report()
        send('warmedUp', null)
      },
      opened: () => send('opened', null),
      closed() {
        if (observed) report()
        send('closed', null)
      },
    },
    begin: () => begun.resolve(),
    open: (steady) => opening.resolve(steady),
    end() {
      clearInterval(alive)
      clearInterval(reporting)
      signal.removeEventListener('abort', abort)
    },
  }
}
