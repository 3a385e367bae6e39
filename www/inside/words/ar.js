// The tab's texts in Arabic.

import { formatsOf } from "../../i18n/formats.js";

const { number, plural, wholePercent } = formatsOf("ar-u-nu-latn", { rightToLeft: true });

const steps = (/** @type {number} */ count) => plural(count, {
  zero: "لا خطوات", one: "خطوة واحدة", two: "خطوتان", few: "# خطوات", many: "# خطوة", other: "# خطوة" });
/** After a preposition. */
const ofSteps = (/** @type {number} */ count) => plural(count, {
  zero: "لا خطوات", one: "خطوة واحدة", two: "خطوتين", few: "# خطوات", many: "# خطوة", other: "# خطوة" });

/** @type {import("./en.js").Words} */
export const ar = {
  shell: {
    label: "ما الذي يُعرض",
    views: { path: "المسار", cut: "اقطع", why: "لماذا", knows: "ما يعرفه", learns: "كيف يتعلّم", stops: "جولة" },
    failed: "لم يبدأ النظر إلى الداخل. افتح تبويبًا آخر في هذه الصفحة ثم عد للمحاولة من جديد.",
  },

  // The network and what happens in it

  path: {},

  // Its branches and skips, switched off

  cut: {},

  // Which parts of the picture an answer comes from

  why: {},

  // Samples and how near they are to one another

  knows: {},

  // Two networks that learn side by side

  learns: {
    title: "شبكتان تتعلّمان جنبًا إلى جنب",
    intro: "الشبكتان بالعمق نفسه، وتبدآن بالنوى العشوائية نفسها، وتريان الصور نفسها بالترتيب نفسه. ولا تختلفان إلا فيما تضبطه أنت. عرض كلّ منهما ثُمن عرض ResNet-50، وهي لا تعرف شيئًا عن الأيدي بعد.",
    rule: (count, rate) =>
      `في كل خطوة: ${plural(count, { zero: "لا صور", one: "صورة واحدة", two: "صورتان", few: "# صور", many: "# صورة", other: "# صورة" })} من 32 × 32 بكسل، ونزول التدرّج بزخم 0.9 ومعدّل تعلّم ${rate} للشبكتين. هُيّئت النوى على طريقة Glorot و Bengio، كما في المقرّر.`,
    depth: "العمق",
    layers: (count) => plural(count, { zero: "لا طبقات", one: "طبقة واحدة", two: "طبقتان", few: "# طبقات", many: "# طبقة", other: "# طبقة" }),
    a: "الشبكة أ",
    b: "الشبكة ب",
    skips: "الوصلات المتخطّية",
    norm: "تسوية الدفعات",
    variants: {
      "skips-norm": "وصلات متخطّية وتسوية دفعات", skips: "وصلات متخطّية بلا تسوية دفعات",
      norm: "تسوية دفعات بلا وصلات متخطّية", plain: "بلا وصلات متخطّية ولا تسوية دفعات",
    },
    pictures: "الصور",
    drawn: "أيدٍ مرسومة",
    own: (count) => `عيّناتك (${number(count)})`,
    train: "درّب الاثنتين",
    pause: "إيقاف مؤقّت",
    one: "خطوة واحدة",
    reset: "من البداية",
    idle: "درّب الاثنتين، أو تقدّم خطوة خطوة. تقيس الخطوة الأولى الشبكتين كما هُيّئتا.",
    preparing: "يجري تحميل ما يدرّب…",
    givenUp: "أُوقفت",
    line: (count, loss, otherLoss) => `${steps(count)}. الخسارة: الشبكة أ ${loss}، الشبكة ب ${otherLoss}.`,
    step: (count) => steps(count),
    stage: (stage) => `المرحلة ${stage}`,
    charts: {
      lossTitle: "خسارة كل خطوة",
      lossNote: "الرفيع: كل خطوة. السميك: متوسط آخر عشر خطوات. المنقّط: كلفة التخمين.",
      lossLabel: (count, loss, otherLoss) => `الخسارة بعد ${ofSteps(count)}: الشبكة أ ${loss}، الشبكة ب ${otherLoss}`,
      guessing: "تخمين",
      normTitle: "معيار التدرّج في كل طبقة",
      normNote: "من المُدخل يسارًا إلى الجواب يمينًا، بمقياس لوغاريتمي. الأعمدة: الآن. العلامات: عند التهيئة.",
      normLabel: (network, first, last) => `تدرّجات ${network}: المعيار ${first} في الطبقة الأولى و${last} في الأخيرة`,
      empty: "لم يُقَس شيء بعد",
    },
    tables: {
      losses: "الخسائر في جدول",
      norms: "التدرّجات في جدول",
      lossCaption: "الخسارة ونسبة الأجوبة الصحيحة في خطوات مفردة",
      normCaption: "معيار تدرّج نواة كل طبقة",
      step: "الخطوة",
      layer: "الطبقة",
      kernel: "النواة",
      loss: (network) => `${network}: الخسارة`,
      right: (network) => `${network}: الصحيح`,
      start: (network) => `${network}: عند التهيئة`,
      now: (network) => `${network}: الآن`,
    },
    found: {
      title: "ما هو الحال هنا",
      grows: (first, last, times) => `عند التهيئة معيار تدرّج النواة 3×3 هو ${last} في الكتلة الأخيرة و${first} في الأولى: يكبر في طريق العودة ${times} ضعفًا.`,
      shrinks: (first, last, times) => `عند التهيئة معيار تدرّج النواة 3×3 هو ${last} في الكتلة الأخيرة و${first} في الأولى: يصغر في طريق العودة ${times} مرة.`,
      even: (first, last, times) => `عند التهيئة معيار تدرّج النواة 3×3 هو ${last} في الكتلة الأخيرة و${first} في الأولى: متقاربان، في حدود معامل ${times}.`,
      steps: (steps) => `يلزم ${steps} من الخطوات بهذا الحجم لتتغيّر النواة الأكثر تغيّرًا بقدر حجمها.`,
      lost: (steps) => `كان يلزم ${steps} من الخطوات بهذا الحجم لتتغيّر حتى النواة الأكثر تغيّرًا بقدر حجمها. والخطوة الواحدة تضيع في تقريب float32.`,
      now: (count, first, last) => `بعد ${ofSteps(count)} المعيار ${last} في الكتلة الأخيرة و${first} في الأولى.`,
      standing: (loss, accuracy) => `في آخر عشر خطوات الخسارة ${loss}، و${wholePercent(accuracy)} من الأجوبة صحيحة.`,
      givenUp: (count) => `في الخطوة ${number(count)} لم تعد الخسارة أو أحد التدرّجات عددًا منتهيًا، فأُوقفت الشبكة.`,
    },
    claims: {
      title: "ما يُقال عن ذلك",
      glorot: "بلا تسوية دفعات يتوقّف حجم التدرّجات على النوى الأولى: إن لم تكن مناسبة صغر من طبقة إلى طبقة في طريق العودة. وقد وُضعت تهيئة الشبكتين لتفادي ذلك، لطبقات بلا ReLU.",
      he: "لا تعاني الشبكات البسيطة ذات تسوية الدفعات من تلاشي التدرّجات: المعايير سليمة ذهابًا وإيابًا. فليس هذا سبب سوء تدريب الشبكات البسيطة العميقة.",
      degradation: "تسوء الشبكات البسيطة كلما زاد عمقها، حتى على الصور التي تُدرَّب بها. أما مع الوصلات المتخطّية فلا.",
      balduzzi: "بلا وصلات متخطّية تصير تدرّجات الشبكات العميقة كالضجيج الأبيض: كبيرة بما يكفي، لكنها مختلفة لصور متشابهة. ومعها يتأخّر ذلك كثيرًا.",
      santurkar: "لا تفيد تسوية الدفعات بأنها تثبّت توزيع التفعيلات، بل بأنها تجعل الخسارة أملس، فيصلح التدرّج لخطوات أكبر.",
      yang: "بلا وصلات متخطّية تجعل تسوية الدفعات نفسها التدرّجات تكبر أسّيًّا مع العمق عند التهيئة. ولا يمكن عندئذ تدريب شبكات عميقة جدًا.",
    },
    here: {
      set: (variant) => `لترى ذلك هنا، اضبط إحدى الشبكتين هكذا: ${variant}.`,
      notYet: "لترى ذلك هنا، تقدّم خطوة.",
      vanishes: (network, first, last) => `هنا، في ${network}، تتلاشى: ${last} في الكتلة الأخيرة، ${first} في الأولى.`,
      stays: (network, first, last) => `هنا، في ${network}، لا تتلاشى: ${last} في الكتلة الأخيرة، ${first} في الأولى.`,
      grows: (network, times) => `هنا، في ${network}، تكبر ${times} ضعفًا من الكتلة الأخيرة إلى الأولى.`,
      doesNotGrow: (network, first, last) => `هنا، في ${network}، لا تكبر كثيرًا: ${last} في الكتلة الأخيرة، ${first} في الأولى.`,
      losses: (count, loss, otherLoss) => `هنا، بعد ${ofSteps(count)}: خسارة ${loss} مع الوصلات المتخطّية، و${otherLoss} بدونها.`,
      pair: "لترى ذلك هنا، اجعل الشبكتين تختلفان في الوصلات المتخطّية وحدها، ودرّبهما 30 خطوة.",
      unmeasured: "لا يُقاس هنا: يقول هذا العرض كم تبلغ التدرّجات.",
    },
  },

  // Five guided stops

  stops: {},
};
