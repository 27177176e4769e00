import http from 'k6/http';

export let options = {
  vus: 1,
  iterations: 3,
  noConnectionReuse: true,
  userAgent: 'MyK6UserAgentString/1.0',
  maxRedirects: 0,
  summaryTrendStats: ['avg', 'p(99)'],
  tags: { testid: 'a' },
};

export default function () {
  http.get('http://shop.test/redirect');
}

export function handleSummary(data) {
  return { 'summary.json': JSON.stringify(data) };
}
