import { join } from 'node:path'
import { build, modulePath } from '../kit/module-path.ts'

/** Where a node has Node and lb; without them, where this host has them. */
export interface NodePaths {
  /** The program. */
  readonly node?: string | undefined
  /** The folder of the package. */
  readonly lb?: string | undefined
}

/** The command that starts an agent on a node. */
export function agentCommand({ node = process.execPath, lb }: NodePaths): string[] {
  const own = modulePath('./main', import.meta.url)
  const inPackage =
    build(import.meta.url) === 'compiled' ? 'dist/src/engine/main.js' : 'src/engine/main.ts'
  return [node, lb === undefined ? own : join(lb, inPackage)]
}
