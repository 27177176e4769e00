import type { BackendConfig } from '../balancer/config/config.ts'
import { UsageError } from '../kit/errors.ts'

/** Options of a backend behind its URL, and the part of a configuration that each stands for. */
const options: Readonly<Record<string, Partial<BackendConfig>>> = {
  'proxy=v1': { proxyProtocol: 'v1' },
  'proxy=v2': { proxyProtocol: 'v2' },
  backup: { backup: true },
}

/**
 * Parses `URL[,WEIGHT][,OPTION]…`, the value of `--backend`.
 *
 * @throws UsageError that names the invalid part
 */
export function backendOf(typed: string): BackendConfig {
  const [url = '', ...parts] = typed.split(',')
  let backend: BackendConfig = { url, weight: 1 }
  for (const [index, part] of parts.entries()) {
    const option = Object.hasOwn(options, part) ? options[part] : undefined
    if (index === 0 && /^\d+$/.test(part)) backend = { ...backend, weight: Number(part) }
    else if (part.startsWith('zone=')) backend = { ...backend, zone: part.slice('zone='.length) }
    else if (option !== undefined) backend = { ...backend, ...option }
    else throw invalid(typed, part, index)
  }
  return backend
}

function invalid(typed: string, part: string, index: number): UsageError {
  const known = [...Object.keys(options), 'zone=NAME'].join(', ')
  return index > 0
    ? new UsageError(
        `--backend "${typed}": "${part}" is not an option of a backend`,
        `use one of: ${known}`,
      )
    : new UsageError(
        `--backend "${typed}": the weight is not an integer of 0 or more`,
        `use --backend http://host:port,2, or an option: ${known}`,
      )
}
