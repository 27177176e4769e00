import { boolean, string } from '@oclif/core/flags'
import { UsageError } from '../kit/errors.ts'
import { readError, readText } from '../kit/read-text.ts'
import { count } from './flags.ts'

/** Flags that describe a target that lb cannot describe by itself. */
export const targetFlags = {
  url: string({
    helpGroup: 'TARGET',
    summary:
      'Measure a balancer that is already running at this http or https URL; every request asks for its path and query. Implies --target url.',
    helpValue: 'URL',
  }),
  insecure: boolean({
    helpGroup: 'TARGET',
    char: 'k',
    summary: 'For --url: accept any certificate.',
    dependsOn: ['url'],
  }),
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

/** The values of those flags. */
export interface TargetFlags {
  readonly url?: string | undefined
  readonly insecure?: boolean | undefined
  readonly pid?: number | undefined
  readonly command?: string | undefined
  readonly 'target-config'?: readonly string[] | undefined
}

/** Bytes of a configuration template. */
const maxBytes = 2 ** 20

/** Settings by target name. */
type Settings = Record<
  string,
  { url?: string; insecure?: boolean; pid?: number; command?: string; template?: string }
>

/**
 * The target settings that the flags define; undefined without such flags.
 *
 * @throws {UsageError} a configuration template cannot be read
 */
export async function readTargetSettings(flags: TargetFlags): Promise<Settings | undefined> {
  const { url, insecure, pid, command } = flags
  const settings: Settings = {}
  if (url !== undefined || pid !== undefined) {
    settings.url = {
      ...(url !== undefined && { url }),
      ...(insecure && { insecure }),
      ...(pid !== undefined && { pid }),
    }
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
