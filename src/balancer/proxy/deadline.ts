import type { Exchange } from './exchange.ts'

/** Sets the deadline for the next progress of a request: of its body, or of its response. */
export function awaitProgress(exchange: Exchange): void {
  const { idle, body = idle, firstByte } = exchange.proxy.settings.timeouts
  const { phase, responseStarted } = exchange
  if (responseStarted) setDeadline(exchange, idle)
  else setDeadline(exchange, phase === 'request body' ? body : firstByte)
}

/** Sets the deadline to `seconds` from now, within the timeout of the entire request. */
export function setDeadline({ proxy, client, until }: Exchange, seconds: number): void {
  client.deadline = Math.min(proxy.now() + seconds, until)
}
