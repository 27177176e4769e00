import http from 'k6/http';

function browse() {
  http.get('http://shop.test/');
}
function buy() {
  http.post('http://shop.test/echo', 'buy');
}

const weights = [
  [0.8, browse],
  [1, buy],
];

export default function () {
  const drawn = Math.random();
  const [, run] = weights.find(([limit]) => drawn < limit);
  run();
}
