export const options = { vus: 2, duration: '2s' };
