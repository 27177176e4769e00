import type { BalancerSettings } from '../config/config.ts'

/** New settings with the values that cannot change while the balancer runs, and the names of those that were to change. */
export interface ChangedSettings {
  readonly settings: BalancerSettings
  /** Fields whose new value needs a restart: the old value stays. */
  readonly needRestart: readonly string[]
}

/**
 * Takes over from `current` the settings that only a restart can change: listening sockets, and threads with their
 * memory, exist from the start.
 */
export function keepFixed(current: BalancerSettings, next: BalancerSettings): ChangedSettings {
  const { host, port, listen, listenMode, backlog, workers, memory, tls, admin } = current
  const { tls: nextTls, admin: nextAdmin, ...others } = next
  const needRestart: string[] = []
  for (const name of ['host', 'port', 'listen', 'listenMode', 'backlog', 'workers'] as const) {
    if (current[name] !== next[name]) needRestart.push(name)
  }
  for (const name of ['youngGeneration', 'oldSpace'] as const) {
    if (memory[name] !== next.memory[name]) needRestart.push(`memory.${name}`)
  }
  const tlsStays = (tls === undefined) === (nextTls === undefined)
  if (!tlsStays) needRestart.push('tls')
  if ((admin === undefined) !== (nextAdmin === undefined)) needRestart.push('admin')
  else if (admin?.host !== nextAdmin?.host) needRestart.push('admin.host')
  else if (admin?.port !== nextAdmin?.port) needRestart.push('admin.port')
  const certificates = tlsStays ? nextTls : tls
  return {
    settings: {
      ...others,
      host,
      port,
      listen,
      listenMode,
      backlog,
      workers,
      memory,
      ...(certificates && { tls: certificates }),
      ...(admin && { admin: { ...(nextAdmin ?? admin), host: admin.host, port: admin.port } }),
    },
    needRestart,
  }
}
