// A show as busy as they come, for the demo page and the tests: made by rule, the same every time.

const NAMES = {
  zh: ["纯棉毛巾", "牛奶巧克力", "双抗精华", "声波电动牙刷", "扫地机器人", "本色抽纸", "豆沙唇泥", "卸妆油", "平板拖把", "保温杯", "羊毛围巾", "空气炸锅", "防晒霜", "坚果礼盒", "蓝牙耳机", "儿童绘本"],
  en: ["cotton towels", "milk chocolate", "day serum", "sonic toothbrush", "robot vacuum", "paper towels", "lip mud", "cleansing oil", "flat mop", "vacuum flask", "wool scarf", "air fryer", "sunscreen", "nut box", "earphones", "picture book"],
};
const QUOTES = { zh: "今天直播间的价格", en: "today's price in this room" };
const KINDS = ["price", "demo", "link", "coupon", "question"];

/** What a highlights.json of `count` highlights over `duration` seconds holds. */
export function busyShow({ count = 200, duration = 7200, language = "zh" } = {}) {
  const names = NAMES[language];
  const kinds = Math.ceil(count / 2.5);
  const step = duration / count;
  const products = Array.from({ length: kinds }, (_, index) => product(index, names, language));
  const takes = new Map();
  const highlights = Array.from({ length: count }, (_, index) => {
    const { product_id, short_name } = products[(index * 7) % kinds];
    const take = (takes.get(product_id) ?? 0) + 1;
    takes.set(product_id, take);
    const start = round(index * step + (index % 5) * step * 0.05);
    const end = round((index + 1) * step - (index % 3) * step * 0.1);
    const product_confidence = round(0.7 + ((index * 37) % 30) / 100);
    const start_confidence = round(0.4 + ((index * 23) % 60) / 100);
    return {
      id: `b${index}`, product_ids: [product_id], start, end, seek: start, confidence: round(product_confidence * start_confidence),
      product_confidence, start_confidence, title: short_name, summary: "", reasons: [], thumbnail: null, take, best_take: take === 1, status: "auto",
      moments: KINDS.slice(0, index % 4).map((kind, at) => ({ kind, at: round(start + ((at + 1) * (end - start)) / 5), quote: QUOTES[language] })),
    };
  });
  return {
    schema_version: "1.0", session_id: `busy-${count}`, revision: 1, duration, language, replay: "busy.mp4",
    products, highlights, suggestions: [], unexplained: [],
  };
}

function product(index, names, language) {
  const name = names[index % names.length] + (index < names.length ? "" : ` ${Math.floor(index / names.length) + 1}`);
  const price = 9.9 + ((index * 13) % 40) * 5;
  return {
    product_id: `p${index}`, link_no: index + 1, title: `${name} ${language === "zh" ? "直播专享装" : "show edition"}`, short_name: name,
    brand: "", category: "", attributes: {}, price: round(price), list_price: round(price * 1.4), currency: language === "zh" ? "CNY" : "USD",
    image: null, url: `https://shop.example/p${index}`, service_url: index % 2 ? null : "https://shop.example/service",
  };
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}
