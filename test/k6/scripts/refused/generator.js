import http from 'k6/http';

function* pages() {
  for (let page = 1; page < 3; page++)
    yield http.get(`http://shop.test/${page}`);
}

export default function () {
  for (const page of pages()) page.json();
}
