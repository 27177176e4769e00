// Writes down what help needs of every command, so that help need not load them: part of the build, and
// made anew by each, since an old one would hide new flags.
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Plugin } from '@oclif/core'

const root = dirname(import.meta.dirname)
const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true })
await plugin.load()
await writeFile(join(root, 'oclif.manifest.json'), JSON.stringify(plugin.manifest))
