import type { Exchange } from './exchange.ts'

/** Sets the deadline for the next progress of a request: of its body, or of its response. */
export function awaitProgress(exchange: Exchange): void {
  const { idle, firstByte } = exchange.proxy.settings.timeouts
  const isIdleTime = exchange.phase === 'request body' || exchange.responseStarted
  setDeadline(exchange, isIdleTime ? idle : firstByte)
}

/** Sets the deadline to `seconds` from now, within the timeout of the entire request. */
export function setDeadline({ proxy, client, until }: Exchange, seconds: number): void {
  client.deadline = Math.min(proxy.now() + seconds, until)
}
