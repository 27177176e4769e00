/**
 * The path of a source file without the folder that its program is in, so that two builds of one program, and two hosts, name
 * the same function alike: `src/balancer/proxy/pick.js`, `node_modules/undici/index.js`.
 */
export function portableFile(file: string): string {
  return file
    .replace(/^.*\/(?=node_modules\/)/, '')
    .replace(/^\/.*?\/dist\/(?=src\/)/, '')
    .replace(/^\/.*?\/(?=src\/balancer\/)/, '')
}
