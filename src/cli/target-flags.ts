import { boolean, string } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { UsageError } from '../kit/errors.ts'
import { readError, readText } from '../kit/read-text.ts'
import { count } from './flags.ts'

/** Flags that describe a server that runs already, and how connections to it are made. */
export const urlFlags = {
  url: string({
    helpGroup: 'TARGET',
    summary:
      'Measure a balancer that is already running at this http or https URL, or unix:/PATH; every request asks for its path and query. Implies --target url.',
    helpValue: 'URL',
  }),
  insecure: boolean({
    helpGroup: 'TARGET',
    char: 'k',
    summary: 'For --url: accept any certificate.',
    dependsOn: ['url'],
  }),
  ca: string({
    helpGroup: 'TARGET',
    summary: 'For --url: trust the certificate authorities in this PEM file, and no others.',
    helpValue: 'FILE',
    dependsOn: ['url'],
    exclusive: ['insecure'],
  }),
  cert: string({
    helpGroup: 'TARGET',
    summary: 'For --url: client certificate, a PEM file; with its key, unless --key is given.',
    helpValue: 'FILE',
    dependsOn: ['url'],
  }),
  key: string({
    helpGroup: 'TARGET',
    summary: 'For --url: key of the client certificate, a PEM file.',
    helpValue: 'FILE',
    dependsOn: ['url', 'cert'],
  }),
  'tls-sessions': string({
    helpGroup: 'TARGET',
    summary:
      'For --url: whether a new TLS connection resumes the session of an earlier one, as browsers do (default: resume).',
    options: ['resume', 'new'],
    dependsOn: ['url'],
  }),
  http2: boolean({
    helpGroup: 'TARGET',
    summary: 'For --url: send HTTP/2, by ALPN over TLS, by prior knowledge over clear text (h2c).',
    dependsOn: ['url'],
  }),
  streams: count({
    helpGroup: 'TARGET',
    max: bounds.streams,
    summary: 'For --http2: requests in flight on each connection (default: 1).',
    helpValue: 'N',
    dependsOn: ['http2'],
  }),
  resolve: string({
    helpGroup: 'TARGET',
    summary:
      'For --url: addresses of a name, in place of those of the name service; may be repeated.',
    helpValue: 'HOST:PORT:ADDRESS',
    multiple: true,
    multipleNonGreedy: true,
    dependsOn: ['url'],
  }),
}

/** Flags that describe a target that lb cannot describe by itself. */
export const targetFlags = {
  ...urlFlags,
  pid: count({
    helpGroup: 'TARGET',
    summary: 'For --target url: process ID of that balancer, to measure its CPU and memory.',
    helpValue: 'PID',
    dependsOn: ['url'],
  }),
  command: string({
    helpGroup: 'TARGET',
    summary:
      'Command that starts the balancer, with the placeholders {port} and {backends}. Implies --target command.',
    helpValue: 'LINE',
  }),
  'target-config': string({
    helpGroup: 'TARGET',
    summary: 'Configuration template for a target (see docs/guide/targets.md).',
    helpValue: 'TARGET=FILE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'dump-config': boolean({
    helpGroup: 'TARGET',
    summary: 'Print the configuration that each arm would be started with, then exit.',
  }),
}

/** The values of the flags of a server that runs already. */
export interface UrlFlags {
  readonly url?: string | undefined
  readonly insecure?: boolean | undefined
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly 'tls-sessions'?: string | undefined
  readonly http2?: boolean | undefined
  readonly streams?: number | undefined
  readonly resolve?: readonly string[] | undefined
}

/** The values of all of them. */
export interface TargetFlags extends UrlFlags {
  readonly pid?: number | undefined
  readonly command?: string | undefined
  readonly 'target-config'?: readonly string[] | undefined
}

/** Bytes of a configuration template. */
const maxBytes = 2 ** 20

/** Settings by target name: those of a plan. */
type Settings = Record<string, Setting>

interface Setting {
  url?: string
  insecure?: boolean
  ca?: string
  cert?: string
  key?: string
  tlsSessions?: 'resume' | 'new'
  http2?: boolean
  streams?: number
  resolve?: string[]
  pid?: number
  command?: string
  template?: string
}

/**
 * The target settings that the flags define; undefined without such flags.
 *
 * @throws {UsageError} a configuration template cannot be read
 */
export async function readTargetSettings(flags: TargetFlags): Promise<Settings | undefined> {
  const { url, pid, command } = flags
  const settings: Settings = {}
  if (url !== undefined || pid !== undefined) {
    settings.url = { ...urlSettings(flags), ...(pid !== undefined && { pid }) }
  }
  if (command !== undefined) settings.command = { command }
  for (const typed of flags['target-config'] ?? []) {
    const [, name = '', file = ''] = /^([^=]+)=(.+)$/.exec(typed) ?? []
    if (file === '') {
      throw new UsageError(
        `--target-config "${typed}" names no file`,
        'use --target-config nginx=FILE',
      )
    }
    const template = await readText(file, maxBytes).catch((cause) => {
      throw new UsageError(
        `cannot read ${file} (${readError(cause, maxBytes)})`,
        'give the path of a readable configuration file',
      )
    })
    settings[name] = { ...settings[name], template }
  }
  return Object.keys(settings).length > 0 ? settings : undefined
}

function urlSettings(flags: UrlFlags): Setting {
  const { url, insecure, ca, cert, key, http2, streams, resolve } = flags
  const sessions = flags['tls-sessions']
  return {
    ...(url !== undefined && { url }),
    ...(insecure && { insecure }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(sessions !== undefined && { tlsSessions: sessions === 'new' ? 'new' : 'resume' }),
    ...(http2 && { http2 }),
    ...(streams !== undefined && { streams }),
    ...(resolve !== undefined && { resolve: [...resolve] }),
  }
}

/** The targets to measure: those of --target; without it, the one that --url or --command describes. */
export function impliedTargets({
  target,
  url,
  command,
}: TargetFlags & { readonly target?: readonly string[] | undefined }):
  | readonly string[]
  | undefined {
  const implied = [
    ...(url === undefined ? [] : ['url']),
    ...(command === undefined ? [] : ['command']),
  ]
  return target ?? (implied.length > 0 ? implied : undefined)
}
