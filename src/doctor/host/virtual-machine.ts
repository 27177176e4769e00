import { type Check, onFact } from './check.ts'

/** Whether this is a virtual machine or a container: it explains what cannot be read, and harms nothing by itself. */
export const virtualMachine: Check = {
  name: 'virtual',
  title: 'virtual machine, container',
  examine: ({ virtual }) =>
    onFact(virtual, ({ hypervisor, container }) => {
      const parts = [
        hypervisor === undefined ? 'no virtual machine' : `virtual machine (${hypervisor})`,
        container === undefined ? 'no container' : `container (${container})`,
      ]
      return { state: 'ok', found: parts.join(', ') }
    }),
}
