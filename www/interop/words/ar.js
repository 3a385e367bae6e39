// The room's texts in Arabic.
import { formatsOf } from "../../i18n/formats.js";

const { duration, name, number, plural } = formatsOf("ar-u-nu-latn", { rightToLeft: true });
const images = (/** @type {number} */ count) => plural(count, {
  zero: "لا صور", one: "صورة واحدة", two: "صورتان", few: "# صور", many: "# صورة", other: "# صورة" });
const some = (/** @type {string[]} */ names, /** @type {number} */ count) => names.map(name).join("، ") + (count > names.length ? "…" : "");

/** @type {import("./en.js").Words} */
export const ar = {
  models: {
    import: {
      title: (file) => `النموذج في ”${name(file)}“`,
      labels: (names, count) => `${plural(count, { zero: "لا فئات", one: "فئة واحدة", two: "فئتان", few: "# فئات", many: "# فئة", other: "# فئة" })}: ${some(names, count)}.`,
      notes: {
        "labels-numbered": (count) => `لا يسمّي الملف فئاته: فئاته وعددها ${number(count)} مرقّمة حسب ترتيبه.`,
        "training-mode": (layer) => `كُتب مع training=True عند ${name(layer)}: عندها يجيب Keras بحسب إحصاءات الصور التي يُسأل عنها معًا. أما المحفوظة، التي تجيب هنا، فقد تكون متأخرة.`,
        "features-only": "هذه شبكة فئات ImageNet الألف. يُؤخذ ما تراه؛ ولا تعرف إشارات اليد قبل تدريبها.",
        "head-missing": "ليست له طبقة أخيرة: لا يعرف إشارات اليد قبل تدريبه.",
        "border-differs": "يتوقع ألوانًا أخرى تُحوَّل هنا. وعند حافة الصورة ليس ذلك دقيقًا.",
        "preprocessing-unknown": "لا يذكر الملف كيف تُجهَّز الصور: يُفترض أحمر وأخضر وأزرق من 0 إلى 1.",
      },
      statistics: (least) => `يمكن حساب الإحصاءات من جديد من ${number(least)} صور على الأقل تشبه ما تعلّم منه.`,
      ofSamples: (count) => `احسبها من صورك (${number(count)})`,
      ofPictures: "أو من هذه الصور:",
      computing: "يجري حساب الإحصاءات…",
      computed: (count) => `فيه الآن إحصاءات ${images(count)}.`,
      take: "استخدم هذا النموذج",
    },
  },
  samples: {
    images,
    opening: (file) => `يجري النظر في «${name(file)}»…`,
    openingProject: (index, of) => `يجري فتح المشروع ${number(index)} من ${number(of)}…`,
    title: (file) => `ما في «${name(file)}»`,
    kinds: {
      "teachable-machine": "مشروع من Teachable Machine.", folder: "صور في مجلدات تحمل أسماء الفئات.", "outer-folder": "صور في مجلدات داخل مجلدات الفئات.",
      "file-name": "صور اسم فئتها في اسم الملف.", "one-class": "صور من فئة واحدة.", "data-set": "مجموعة بيانات (HDF5).", projects: "مشاريع حفظها Signet.",
    },
    found: (classes, pictures) => `${plural(classes, { zero: "لا فئات", one: "فئة واحدة", two: "فئتان", few: "# فئات", many: "# فئة", other: "# فئة" })}، ${images(pictures)}.`,
    firstRows: (rows) => `تظهر أول ${number(rows)} منها، وتُترك البقية.`,
    way: "الفئة هي",
    ways: { "teachable-machine": "كما في المشروع", folder: "المجلد الذي فيه الصورة", "outer-folder": "مجلد أبعد", "file-name": "جزء من اسم الملف", "one-class": "واحدة للجميع", projects: "كما في المشاريع" },
    goes: (label) => `ما يصير إليه ${name(label)}`,
    own: "فئة باسم", out: "تُترك",
    nameOf: (label) => `اسم بدل ${name(label)}`,
    origins: (count) => `من ${plural(count, { zero: "لا مشاريع", one: "مشروع واحد", two: "مشروعين", few: "# مشاريع", many: "# مشروعًا", other: "# مشروع" })}`,
    from: (origin, count) => `${name(origin)}: ${images(count)}`,
    passedOver: (count) => `ملفات تُركت: ${number(count)}`,
    why: {
      leftover: (count, names) => `خلّفها نظام (${number(count)}): ${some(names, count)}`,
      "no-picture": (count, names) => `ليست صورًا (${number(count)}): ${some(names, count)}`,
      "no-label": (count, names) => `بلا فئة (${number(count)}): ${some(names, count)}`,
    },
    fits: (part, all) => `يتسع المكان لعدد ${number(part)} من ${number(all)}: يؤخذ من كل فئة العدد نفسه، موزعًا على كل ما فيها.`,
    hands: (seconds) => `البحث عن اليد في كل صورة، كما في الصور التي تُضاف واحدة واحدة: نحو\u00a0${duration(seconds)}.`,
    full: (limit) => `لا مكان: حدّ هذا الجهاز ${images(limit)}. احذف بعضها أولًا.`,
    tooManyClasses: (count, limit) => `يصير عدد الفئات ${number(count)}، والحد ${number(limit)}: اترك بعضها، أو اجعل لعدة منها الفئة نفسها.`,
    badName: "تحتاج الفئة إلى اسم من 1 إلى 40 حرفًا ظاهرًا.",
    take: (count) => `أخذ ${images(count)}`,
    reading: (count) => `تجري قراءة ${images(count)}…`,
    progress: "الصور المقروءة",
    taken: (taken, twice, refused) => [`أُخذت ${images(taken)}.`,
      ...(twice > 0 ? [`تُرك ${number(twice)}: الصورة نفسها في تلك الفئة.`] : []), ...(refused > 0 ? [`تعذّرت قراءة ${number(refused)}.`] : [])].join(" "),
    oneProject: (file) => `أتفتح «${name(file)}»؟`,
    oneProjectLine: "يمكن أن يحل محل المشروع المفتوح، أو أن تضاف صوره إلى الموجودة. ويمكن التراجع عن كليهما.",
    merge: "إضافة صوره", openInstead: "فتحه بدلًا منه",
    written: (count) => `حُفظت ${images(count)} في ملف zip من مجلدات.`,
  },
  share: {
    link: {
      title: "مشاركة رابط إلى نموذجك",
      intro: "يحمل الرابط الرأس المدرَّب من نموذجك، ولا يحمل أي صورة. من يفتحه يجرّب نموذجك إلى جانب نموذجه. لا ترسل المتصفحات هذا الجزء من العنوان إلى أحد.",
      source: "ممن هو (اختياري)",
      address: "الرابط",
      writing: "يُكتب الرابط…",
      ready: "الرابط جاهز.",
      copy: "نسخ الرابط",
      send: "إرسال…",
      copied: "نُسخ الرابط.",
      copyYourself: "لم يسمح المتصفح بذلك. الرابط محدَّد: انسخه بالضغط على Ctrl+C.",
      length: (count) => `${plural(count, { zero: "لا أحرف", one: "حرف واحد", two: "حرفان", few: "# أحرف", many: "# حرفًا", other: "# حرف" })}. تقطع بعض برامج المحادثة والبريد روابط بهذا الطول، والصفحة تلاحظ ذلك. أرسل عندئذ الملف المصدَّر.`,
      code: "رمز QR. إنه كثيف: اعرضه كبيرًا ومضيئًا، وثبّت الهاتف.",
      codeName: "رمز QR للرابط",
      noCode: (count) => `يتسع رمز QR لنموذج من فئتين، وفئات هذا النموذج ${number(count)}.`,
      noCodeForDetector: "تعلّم هذا النموذج أيضًا متى لا توجد إشارة، ولا يتسع رمز QR لذلك.",
    },
    question: {
      title: "شخص يشاركك نموذجًا",
      labels: "فئاته",
      from: (source) => `يقول الرابط إنه من ${name(source)}. لا شيء يثبت ذلك. فئاته:`,
      fromNobody: "لا يقول الرابط ممن هو. فئاته:",
      line: "إذا فُتح أجاب إلى جانب عملك. تبقى عيّناتك ونموذجك كما هي، وإغلاقه لا يترك شيئًا.",
      yes: "فتح",
      no: "عدم الفتح",
    },
    shared: {
      title: "نموذج مشارَك",
      source: (source) => `يقول إنه من ${name(source)}`,
      use: "دعه يجيب",
      close: "إغلاق النموذج المشارَك",
      closed: "أُغلق النموذج المشارَك.",
    },
    export: {
      writing: "يُكتب الملف…",
      done: (file) => `كُتب ${file}.`,
      readers: {
        safetensors: (size) => `${size}. يقرؤه Signet حتى آخر بت، هنا وفي سطر الأوامر، وكذلك كل قارئ لصيغة safetensors.`,
        onnx: (size) => `${size}. لكل ما يقرأ ONNX: ‏onnxruntime في Python أو في المتصفح، وtract وNetron.`,
        "onnx-int8": (size) => `${size}. الأوزان أعداد صحيحة، لبرامج onnxruntime وonnxruntime-web وtract من الإصدار 0.23.9؛ وقد لا يعرف غيرها أعدادًا صحيحة بمقياس لكل قناة. وتبقى الطبقات المدرَّبة على 16 بت.`,
        keras: (size) => `${size}. لبرنامج Keras 3، والشبكة في الملف: ⁦keras.models.load_model⁩. وليس فيه «لا إشارة».`,
        "keras-weights": (size) => `${size}. لشبكة دفتر المساق: تأخذه الدالة ⁦load_weights⁩ ما لم تُستدعَ فيه batch norm مع ⁦training=True⁩. وليس فيه «لا إشارة».`,
        page: (size) => `${size}. صفحة لك بهذا النموذج في ملف zip: فُكّ ضغطها وقدّمها من أي خادم، فتقرأ إشارات اليد بلا شبكة.`,
      },
    },
    page: {
      title: "إشارات اليد",
      heading: "أظهر إشارة بيدك",
      labelsLine: (labels) => `يعرف: ${labels.map(name).join("، ")}`,
      served: "إن بقي هذا النص فلم يعمل أي نص برمجي: لا تشغّل المتصفحات شيئًا منها في صفحة فُتحت ملفًا. قدّم هذا المجلد من خادم، باستعمال Python مثلًا. افتح فيه طرفية واكتب:",
      open: "ثم افتح هذا العنوان:",
    },
  },
};
