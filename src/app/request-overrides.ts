import { readFile } from 'node:fs/promises'
import type { RequestFlags } from '../cli/request-flags.ts'
import { UsageError } from '../kit/errors.ts'
import type { RequestPlan } from '../plan/plan.ts'
import { headerRemedy, isRequestPath, pathRemedy } from '../plan/request-fields.ts'
import { requestMethod } from '../plan/request-method.ts'
import { targetUrl } from '../plan/target-url.ts'

/**
 * The fields of a request that flags define. The path and query of `--url` are those of every request.
 *
 * @throws {UsageError} a field cannot be sent, or a path is given twice
 */
export async function requestOverrides(
  flags: RequestFlags & { readonly url?: string | undefined },
): Promise<Partial<RequestPlan>> {
  const { method, header = [], body } = flags
  const path = pathOf(flags)
  const headers = Object.fromEntries(header.map(headerOf))
  return {
    ...(method !== undefined && { method: methodOf(method) }),
    ...(path !== undefined && { path }),
    ...(header.length > 0 && { headers }),
    ...(body !== undefined && { body: await textOf(body) }),
  }
}

function methodOf(typed: string): RequestPlan['method'] {
  const { success, data } = requestMethod.safeParse(typed)
  if (success) return data
  throw new UsageError(
    `--method "${typed}" is not a method that lb sends`,
    `use one of ${requestMethod.options.join(', ')}`,
  )
}

function pathOf({ path, url }: RequestFlags & { readonly url?: string | undefined }) {
  const parsed = url === undefined ? undefined : targetUrl(url).url
  const ofUrl = parsed && `${parsed.pathname}${parsed.search}`
  if (path === undefined) return ofUrl
  if (ofUrl !== undefined && ofUrl !== '/') {
    throw new UsageError('--path and the path of --url are both given', 'give one of them')
  }
  if (isRequestPath(path)) return path
  throw new UsageError(`--path "${path}" cannot be sent`, pathRemedy)
}

function headerOf(typed: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^([^:]*):\s*(.*?)\s*$/s.exec(typed) ?? []
  const remedy = headerRemedy(name, value)
  if (remedy === undefined) return [name, value]
  // Without the value, which may be a secret.
  throw new UsageError(
    name === '' ? '--header has no field name' : `--header "${name}" cannot be sent`,
    name === '' ? "use --header 'NAME: VALUE'" : remedy,
  )
}

async function textOf(typed: string): Promise<string> {
  if (!typed.startsWith('@')) return typed
  const file = typed.slice(1)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(`--body: cannot read ${file} (${code})`, 'give a readable file', { cause })
  }
}
