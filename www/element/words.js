// What the element says: few texts, in the languages of the page.

/** @import { ErrorCode } from "../recognizer/errors.js" */

/**
 * @typedef {object} Words
 * @property {string} start a button
 * @property {string} stop
 * @property {string} asking
 * @property {string} choose a button
 * @property {string} loading
 * @property {string} download the name of a progress bar
 * @property {string} none the answer where there is no sign
 * @property {string} video the name of the video
 * @property {string} picture the name of the picture
 * @property {string} privacy
 * @property {Record<Failure, string>} failures
 */

/** What a person can do about an error. @typedef {"blocked" | "noCamera" | "busy" | "insecure" | "noVideo" | "lost" | "picture" | "large" | "download" | "missing" | "model" | "browser" | "other"} Failure */

/** Each code by its beginning, the longest first. @type {[start: string, failure: Failure][]} */
const FAILURES = [
  ["camera-denied", "blocked"], ["camera-none", "noCamera"], ["camera-busy", "busy"], ["camera-insecure", "insecure"], ["camera-unsupported", "noVideo"],
  ["camera-", "lost"], ["picture-too-large", "large"], ["picture-", "picture"], ["file-unreadable", "picture"], ["canvas-", "noVideo"],
  ["model-missing", "missing"], ["module-missing", "missing"], ["model-manifest", "missing"], ["model-", "download"], ["module-", "download"], ["weights-", "model"],
  ["self-check", "model"], ["wasm-", "browser"], ["gpu-", "browser"],
];

/** @param {ErrorCode} code @returns {Failure} */
export const failureOf = (code) => FAILURES.find(([start]) => code.startsWith(start))?.[1] ?? "other";

/** @type {Record<string, Words>} */
export const WORDS = {
  en: {
    start: "Start webcam", stop: "Stop webcam", asking: "Waiting for the camera…", choose: "Choose a photo", loading: "Loading the model…",
    download: "Download of the model", none: "No sign", video: "Webcam", picture: "The photo", privacy: "Your images stay on this device. Nothing is uploaded.",
    failures: {
      blocked: "The camera is blocked for this page. Allow it in the browser's address bar, then start the webcam again.",
      noCamera: "No camera was found. Connect one, then start the webcam again.",
      busy: "The camera is in use by another program. Close that program, then start the webcam again.",
      insecure: "Browsers give the camera only to secure pages. Open this page over https or on localhost. Photos work here, too.",
      noVideo: "This browser can't show a camera to pages. Choose a photo, or open the page in another browser.",
      lost: "The camera sends no picture any more. Connect it or open its cover, then start the webcam again.",
      picture: "That file isn't a picture that can be opened here, or it is damaged. Try a JPEG, PNG, WebP, GIF or BMP.",
      large: "That picture is too large: 100 megapixels is the limit. Try a smaller version of it.",
      download: "The model could not be downloaded. Check the connection, then reload the page.",
      missing: "A file of the recogniser or its model is not on this server. Whoever made this page has to add it.",
      model: "The model's file is damaged, or none that can be read here. Whoever made this page has to replace it.",
      browser: "This browser lacks what the recogniser runs on. Open the page in a current Chrome, Edge, Firefox or Safari.",
      other: "Something went wrong. Try again, or reload the page.",
    },
  },
  de: {
    start: "Webcam starten", stop: "Webcam stoppen", asking: "Warten auf die Kamera …", choose: "Foto wählen", loading: "Das Modell wird geladen …",
    download: "Download des Modells", none: "Kein Zeichen", video: "Webcam", picture: "Das Foto", privacy: "Die Bilder bleiben auf diesem Gerät. Nichts wird hochgeladen.",
    failures: {
      blocked: "Die Kamera ist für diese Seite gesperrt. In der Adressleiste des Browsers erlauben, dann die Webcam noch einmal starten.",
      noCamera: "Es wurde keine Kamera gefunden. Eine anschließen, dann die Webcam noch einmal starten.",
      busy: "Ein anderes Programm benutzt die Kamera. Dieses Programm schließen, dann die Webcam noch einmal starten.",
      insecure: "Browser geben die Kamera nur sicheren Seiten. Diese Seite über https oder auf localhost öffnen. Fotos gehen auch hier.",
      noVideo: "Dieser Browser kann Seiten keine Kamera zeigen. Ein Foto wählen oder die Seite in einem anderen Browser öffnen.",
      lost: "Die Kamera sendet kein Bild mehr. Anschließen oder ihre Abdeckung öffnen, dann die Webcam noch einmal starten.",
      picture: "Diese Datei ist kein Bild, das sich hier öffnen lässt, oder sie ist beschädigt. Bitte ein JPEG, PNG, WebP, GIF oder BMP versuchen.",
      large: "Dieses Bild ist zu groß: 100 Megapixel sind die Grenze. Bitte eine kleinere Fassung versuchen.",
      download: "Das Modell ließ sich nicht herunterladen. Verbindung prüfen, dann die Seite neu laden.",
      missing: "Eine Datei des Erkenners oder seines Modells liegt nicht auf diesem Server. Wer diese Seite gemacht hat, muss sie ergänzen.",
      model: "Die Datei des Modells ist beschädigt oder keine, die sich hier lesen lässt. Wer diese Seite gemacht hat, muss sie ersetzen.",
      browser: "Diesem Browser fehlt, worauf der Erkenner läuft. Die Seite in einem aktuellen Chrome, Edge, Firefox oder Safari öffnen.",
      other: "Etwas ist schiefgegangen. Noch einmal versuchen oder die Seite neu laden.",
    },
  },
  fr: {
    start: "Démarrer la webcam", stop: "Arrêter la webcam", asking: "En attente de la caméra…", choose: "Choisir une photo", loading: "Chargement du modèle…",
    download: "Téléchargement du modèle", none: "Aucun signe", video: "Webcam", picture: "La photo", privacy: "Vos images restent sur cet appareil. Rien n’est envoyé.",
    failures: {
      blocked: "La caméra est bloquée pour cette page. Autorisez-la dans la barre d’adresse du navigateur, puis redémarrez la webcam.",
      noCamera: "Aucune caméra n’a été trouvée. Branchez-en une, puis redémarrez la webcam.",
      busy: "La caméra est utilisée par un autre programme. Fermez ce programme, puis redémarrez la webcam.",
      insecure: "Les navigateurs ne donnent la caméra qu’aux pages sécurisées. Ouvrez cette page en https ou sur localhost. Les photos marchent ici aussi.",
      noVideo: "Ce navigateur ne peut pas montrer de caméra aux pages. Choisissez une photo, ou ouvrez la page dans un autre navigateur.",
      lost: "La caméra n’envoie plus d’image. Rebranchez-la ou ouvrez son cache, puis redémarrez la webcam.",
      picture: "Ce fichier n’est pas une image qui puisse s’ouvrir ici, ou il est endommagé. Essayez un JPEG, PNG, WebP, GIF ou BMP.",
      large: "Cette image est trop grande : la limite est de 100 mégapixels. Essayez-en une version plus petite.",
      download: "Le modèle n’a pas pu être téléchargé. Vérifiez la connexion, puis rechargez la page.",
      missing: "Un fichier du module de reconnaissance ou de son modèle n’est pas sur ce serveur. L’auteur de cette page doit l’ajouter.",
      model: "Le fichier du modèle est endommagé, ou ne peut pas se lire ici. L’auteur de cette page doit le remplacer.",
      browser: "Il manque à ce navigateur de quoi faire tourner la reconnaissance. Ouvrez la page dans un Chrome, Edge, Firefox ou Safari récent.",
      other: "Quelque chose n’a pas marché. Réessayez, ou rechargez la page.",
    },
  },
  es: {
    start: "Encender la cámara", stop: "Apagar la cámara", asking: "Esperando a la cámara…", choose: "Elegir una foto", loading: "Cargando el modelo…",
    download: "Descarga del modelo", none: "Ninguna seña", video: "Cámara", picture: "La foto", privacy: "Tus imágenes se quedan en este dispositivo. No se envía nada.",
    failures: {
      blocked: "La cámara está bloqueada para esta página. Permítela en la barra de direcciones del navegador y vuelve a encender la cámara.",
      noCamera: "No se encontró ninguna cámara. Conecta una y vuelve a encender la cámara.",
      busy: "Otro programa está usando la cámara. Cierra ese programa y vuelve a encender la cámara.",
      insecure: "Los navegadores solo dan la cámara a páginas seguras. Abre esta página por https o en localhost. Las fotos también funcionan aquí.",
      noVideo: "Este navegador no puede mostrar una cámara a las páginas. Elige una foto, o abre la página en otro navegador.",
      lost: "La cámara ya no envía imagen. Conéctala o abre su tapa, y vuelve a encender la cámara.",
      picture: "Ese archivo no es una imagen que se pueda abrir aquí, o está dañado. Prueba con JPEG, PNG, WebP, GIF o BMP.",
      large: "Esa imagen es demasiado grande: el límite son 100 megapíxeles. Prueba con una versión más pequeña.",
      download: "No se pudo descargar el modelo. Comprueba la conexión y recarga la página.",
      missing: "Un archivo del reconocedor o de su modelo no está en este servidor. Quien hizo esta página debe añadirlo.",
      model: "El archivo del modelo está dañado, o no se puede leer aquí. Quien hizo esta página debe cambiarlo.",
      browser: "A este navegador le falta lo que el reconocedor necesita. Abre la página en un Chrome, Edge, Firefox o Safari actual.",
      other: "Algo ha fallado. Inténtalo otra vez, o recarga la página.",
    },
  },
  ar: {
    start: "تشغيل الكاميرا", stop: "إيقاف الكاميرا", asking: "في انتظار الكاميرا…", choose: "اختيار صورة", loading: "جارٍ تحميل النموذج…",
    download: "تنزيل النموذج", none: "لا إشارة", video: "الكاميرا", picture: "الصورة", privacy: "صورك تبقى على هذا الجهاز، ولا يُرسل منها شيء.",
    failures: {
      blocked: "الكاميرا محجوبة عن هذه الصفحة. اسمح بها من شريط عنوان المتصفح، ثم شغّل الكاميرا من جديد.",
      noCamera: "لم يُعثر على كاميرا. وصّل واحدة، ثم شغّل الكاميرا من جديد.",
      busy: "يستخدم برنامج آخر الكاميرا. أغلق ذلك البرنامج، ثم شغّل الكاميرا من جديد.",
      insecure: "لا تعطي المتصفحات الكاميرا إلا للصفحات الآمنة. افتح هذه الصفحة عبر \u2066https\u2069 أو على \u2066localhost\u2069. الصور تعمل هنا أيضًا.",
      noVideo: "لا يستطيع هذا المتصفح عرض الكاميرا للصفحات. اختر صورة، أو افتح الصفحة في متصفح آخر.",
      lost: "لم تعد الكاميرا ترسل صورة. وصّلها أو افتح غطاءها، ثم شغّل الكاميرا من جديد.",
      picture: "هذا الملف ليس صورة يمكن فتحها هنا، أو أنه تالف. جرّب JPEG أو PNG أو WebP أو GIF أو BMP.",
      large: "هذه الصورة أكبر من اللازم: الحد 100 ميغابكسل. جرّب نسخة أصغر منها.",
      download: "تعذّر تنزيل النموذج. تحقق من الاتصال، ثم أعد تحميل الصفحة.",
      missing: "ملف من أداة التعرّف أو من نموذجها ليس على هذا الخادم. على صاحب هذه الصفحة أن يضيفه.",
      model: "ملف النموذج تالف، أو لا يمكن قراءته هنا. على صاحب هذه الصفحة أن يستبدله.",
      browser: "ينقص هذا المتصفح ما تعمل به أداة التعرّف. افتح الصفحة في إصدار حديث من Chrome أو Edge أو Firefox أو Safari.",
      other: "حدث خطأ ما. حاول مرة أخرى، أو أعد تحميل الصفحة.",
    },
  },
  zh: {
    start: "启动摄像头", stop: "停止摄像头", asking: "正在等待摄像头……", choose: "选择照片", loading: "正在加载模型……",
    download: "模型下载", none: "没有手势", video: "摄像头", picture: "照片", privacy: "你的图片只留在这台设备上，不会上传。",
    failures: {
      blocked: "此页面的摄像头已被禁用。请在浏览器地址栏中允许，再启动摄像头。",
      noCamera: "找不到摄像头。请连接一个，再启动摄像头。",
      busy: "摄像头正被另一个程序使用。请关闭那个程序，再启动摄像头。",
      insecure: "浏览器只让安全的页面使用摄像头。请通过 https 或在 localhost 上打开此页面。照片在这里也能用。",
      noVideo: "此浏览器无法让页面使用摄像头。请选择照片，或换一个浏览器打开页面。",
      lost: "摄像头不再传来画面。请重新连接或打开镜头盖，再启动摄像头。",
      picture: "这个文件不是此处能打开的图片，或已损坏。请试试 JPEG、PNG、WebP、GIF 或 BMP。",
      large: "这张图片太大：上限是 1 亿像素。请试试较小的版本。",
      download: "无法下载模型。请检查网络连接，然后重新加载页面。",
      missing: "此服务器上缺少识别器或其模型的一个文件。需要由制作此页面的人补上。",
      model: "模型文件已损坏，或无法在此读取。需要由制作此页面的人更换。",
      browser: "此浏览器缺少识别器所需的功能。请用新版 Chrome、Edge、Firefox 或 Safari 打开页面。",
      other: "出错了。请再试一次，或重新加载页面。",
    },
  },
};

/** Written from right to left. */
export const RIGHT_TO_LEFT = ["ar"];

/** The first of some languages that is here, or English. @param {(string | null | undefined)[]} tags such as "de-AT" */
export function languageOf(tags) {
  const codes = tags.map((tag) => tag?.toLowerCase().split("-")[0] ?? "");
  return codes.find((code) => Object.hasOwn(WORDS, code)) ?? "en";
}

/** @param {string} code @returns {Words} */
export const wordsOf = (code) => /** @type {Words} */ (WORDS[code] ?? WORDS["en"]);
