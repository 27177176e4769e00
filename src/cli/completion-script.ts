import { findPackageJSON } from 'node:module'
import { dirname } from 'node:path'
import { type Config, Plugin } from '@oclif/core/config'

/** The part of the command `autocomplete:create` of oclif's plugin that makes the scripts. */
interface ScriptMaker {
  readonly bashCompletionFunction: string
  readonly zshCompletionFunction: string
}

/**
 * The script that completes the commands and flags of `config` in a shell. The plugin is loaded here only: as a plugin of
 * lb, it would add commands of its own and time to every start.
 */
export async function completionScript(shell: string, config: Config): Promise<string> {
  const file = findPackageJSON('@oclif/plugin-autocomplete', import.meta.url) as string
  const plugin = new Plugin({ root: dirname(file) })
  await plugin.load()
  const command: unknown = await plugin.findCommand('autocomplete:create', { must: true })
  const maker = new (command as new (argv: string[], config: Config) => ScriptMaker)([], config)
  if (shell === 'bash') {
    return (
      maker.bashCompletionFunction
        // Without a match, as for the arguments of lb report, the shell completes names of files.
        .replace('complete -F', 'complete -o default -F')
        // Commands of lb are one word; the words behind it are values, with which the plugin finds no flags.
        .replace(/\{COMP_WORDS\[@\]:1:\(\$COMP_CWORD - 1\)\}/, '{COMP_WORDS[1]}')
    )
  }
  return sourceable(maker.zshCompletionFunction, `_${config.bin}`, config.bin)
}

/** The script ends with a call, which works as a file of `fpath` only: sourced, it registers its function in place of that. */
function sourceable(script: string, name: string, bin: string): string {
  const body = script.trimEnd().replace(new RegExp(`\\n${name}$`), '')
  return `${body}\n\nif [ "$funcstack[1]" = "${name}" ]; then\n  ${name}\nelse\n  compdef ${name} ${bin}\nfi\n`
}
