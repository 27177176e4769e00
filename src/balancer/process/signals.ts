/** Signals to a process of the balancer, from the first moment on: none of them has its default action any more. */
export interface Signals extends Disposable {
  /** Settles at SIGTERM or SIGINT: drain, and stop. Repeated ones change nothing. */
  readonly stop: Promise<void>
  /** Settles at SIGQUIT: stop at once. */
  readonly cut: Promise<void>
  /** The same as SIGQUIT. */
  cutNow(): void
  /** Calls `reload` for each SIGHUP from now on, and at once if one came before. */
  onReload(reload: () => void): void
}

let caught: Signals | undefined

/**
 * Catches the signals of this process, and keeps those that come before they can be handled. Further calls return the
 * same signals. SIGUSR1, at which Node would open its inspector, and SIGUSR2, which would end the process, are ignored.
 */
export function catchSignals(): Signals {
  caught ??= install()
  return caught
}

function install(): Signals {
  const stop = Promise.withResolvers<void>()
  const cut = Promise.withResolvers<void>()
  let reload: (() => void) | undefined
  let reloadPending = false
  const handlers = {
    SIGTERM: stop.resolve,
    SIGINT: stop.resolve,
    SIGQUIT: cut.resolve,
    SIGHUP() {
      if (reload === undefined) reloadPending = true
      else reload()
    },
    SIGUSR1() {},
    SIGUSR2() {},
  }
  const entries = Object.entries(handlers).map(
    ([signal, handle]) => [signal as NodeJS.Signals, () => handle()] as const,
  )
  for (const [signal, handle] of entries) process.on(signal, handle)
  return {
    stop: stop.promise,
    cut: cut.promise,
    cutNow: cut.resolve,
    onReload(callback) {
      reload = callback
      if (reloadPending) callback()
      reloadPending = false
    },
    [Symbol.dispose]() {
      for (const [signal, handle] of entries) process.off(signal, handle)
      caught = undefined
    },
  }
}
