import { type Messages } from './messages.js';
import { type en } from './en.messages.js';

/** Every message of English, and no other: the compiler says which is missing. */
type Complete = { readonly [Part in keyof typeof en]: Record<keyof (typeof en)[Part], Messages[Part][string]> };

export const ar: Complete = {
  problems: {
    'another-scheme-in-force': {
      title: 'برنامج مكافآت آخر ساري المفعول',
      detail: 'برنامج هذه البلدية هو {schemeId}، ويجب أن يحمل الإصدار الجديد الاسم نفسه.',
    },
    'bad-request': {
      title: 'تعذّر فهم الطلب',
      detail: 'في الطلب ما لا يوافق قواعد HTTP أو هذا العنوان.',
    },
    'body-too-large': {
      title: 'الطلب أكبر من المسموح',
      detail: 'لا يجوز أن يزيد الطلب على {bytesMax, number} بايت.',
    },
    'card-already-issued': {
      title: 'البطاقة صادرة لغيرها',
      detail: 'هذه البطاقة تخصّ أسرة أخرى.',
    },
    'cross-site-request': {
      title: 'جاء الطلب من موقع آخر',
      detail: 'كل ما يغيّر شيئًا يجب أن يُرسَل من صفحة في هذا الموقع. افتح ميزان نفسه ثم حاول من هناك.',
    },
    'household-already-registered': {
      title: 'الأسرة مسجَّلة من قبل',
      detail: 'الأسرة {householdId} مسجَّلة من قبل ببيانات أخرى.',
    },
    'household-not-found': {
      title: 'لا توجد أسرة بهذا الرقم',
      detail: 'لا توجد أسرة {householdId} يستطيع هذا الحساب رؤيتها.',
    },
    'idempotency-in-progress': {
      title: 'ما زال قيد المعالجة',
      detail: 'لم ينتهِ بعدُ أول طلب بهذا المفتاح (Idempotency-Key). أعد إرساله بعد لحظات.',
    },
    'idempotency-key-reused': {
      title: 'المفتاح مستعمل لطلب آخر',
      detail: 'استُعمل هذا المفتاح (Idempotency-Key) خلال اليوم الأخير لطلب مختلف. أنشئ مفتاحًا جديدًا للطلب الجديد.',
    },
    internal: {
      title: 'حدث خطأ من جهتنا',
      detail: 'ليس الخطأ منك. حاول مرة أخرى؛ وإن تكرّر فأعطِ المشغّل رقم التتبّع.',
    },
    'invalid-input': {
      title: 'بعض المدخلات غير صحيح',
      detail: 'كل حقل غير صحيح مذكور مع سبب الخطأ فيه.',
    },
    'malformed-body': {
      title: 'الطلب ليس JSON صحيحًا',
      detail: 'تعذّرت قراءة محتوى الطلب بصيغة JSON.',
    },
    'material-already-listed': {
      title: 'المادة مدرجة من قبل',
      detail: 'المادة {material} مدرجة من قبل ببيانات أخرى.',
    },
    'material-not-listed': {
      title: 'المادة لا تُجمَع',
      detail: 'هذه البلدية لا تجمع: {materials}.',
    },
    'municipality-already-established': {
      title: 'البلدية مؤسَّسة من قبل',
      detail: 'البلدية {municipalityId} مؤسَّسة من قبل ببيانات أخرى.',
    },
    'municipality-full': {
      title: 'لا يمكن إضافة المزيد',
      detail:
        'الحد الأقصى في البلدية {max, number} من {what, select, materials {المواد} points {نقاط الجمع} other {هذا النوع}}.',
    },
    'municipality-not-found': {
      title: 'لا توجد بلدية بهذا الاسم',
      detail: 'لا توجد هنا بلدية {municipalityId}.',
    },
    'not-allowed': {
      title: 'غير متاح لهذا الحساب',
      detail: 'لا يحق للحساب المسجَّل دخوله أن يرى هذا أو يفعله.',
    },
    'not-found': {
      title: 'لا شيء هنا',
      detail: 'لا يوجد شيء على هذا العنوان.',
    },
    'not-signed-in': {
      title: 'سجّل الدخول أولًا',
      detail: 'لم يسجّل أحد الدخول، أو انتهت الجلسة.',
    },
    'point-already-open': {
      title: 'نقطة الجمع مفتوحة من قبل',
      detail: 'نقطة الجمع {pointId} مفتوحة من قبل ببيانات أخرى.',
    },
    'point-not-open': {
      title: 'لا توجد نقطة جمع بهذا الاسم',
      detail: 'لم تفتح البلدية نقطة جمع باسم {pointId}.',
    },
    'read-model-behind': {
      title: 'لم يكتمل التحديث بعد',
      detail: 'المطلوب مسجَّل لكنه لم يظهر بعد. اسأل مرة أخرى بعد لحظات.',
    },
    'revision-conflict': {
      title: 'سبقك غيرك',
      detail: 'ما تغيّره الآن غيّره شخص آخر في اللحظة نفسها. انظر إليه مرة أخرى ثم قرّر.',
    },
    'scale-already-registered': {
      title: 'الميزان مسجَّل من قبل',
      detail: 'الميزان {scaleId} مسجَّل من قبل ببيانات أخرى.',
    },
    'scheme-not-found': {
      title: 'لا يوجد برنامج بعد',
      detail: 'لا يوجد برنامج مكافآت ساري المفعول.',
    },
    'scheme-version-conflict': {
      title: 'ليس هذا هو الإصدار التالي',
      detail: 'لا يمكن نشر الإصدار {offered, number}؛ الإصدار التالي هو {next, number}.',
    },
    'store-overloaded': {
      title: 'ضغط كبير الآن',
      detail: 'لم يُسجَّل شيء لأن طلبات كثيرة تنتظر. حاول مرة أخرى بعد لحظات.',
    },
    'store-unavailable': {
      title: 'تعذّر الوصول إلى السجل',
      detail: 'لا يُعرف إن كان الطلب قد سُجِّل. إعادة إرسال الطلب نفسه آمنة.',
    },
    'too-many-attempts': {
      title: 'محاولات كثيرة جدًا',
      detail:
        'فشل تسجيل الدخول مرات كثيرة. حاول مرة أخرى بعد {retryAfterSeconds, plural, zero {لحظات} one {ثانية واحدة} two {ثانيتين} few {# ثوانٍ} many {# ثانية} other {# ثانية}}.',
    },
    'too-many-idempotency-keys': {
      title: 'مفاتيح كثيرة جدًا',
      detail: 'يستطيع الحساب استعمال {keysMax, number} مفتاح (Idempotency-Key) في اليوم.',
    },
    'too-many-streams': {
      title: 'اتصالات مباشرة كثيرة جدًا',
      detail: 'بلغ عدد الاتصالات المباشرة المفتوحة الحدَّ الأقصى. حاول مرة أخرى بعد لحظات.',
    },
    unavailable: {
      title: 'غير متاح الآن',
      detail: 'تعذّر الوصول إلى جزء لازم للجواب. حاول مرة أخرى بعد لحظات.',
    },
    'unsupported-body': {
      title: 'الطلب ليس بصيغة JSON',
      detail: 'يجب أن يكون محتوى الطلب application/json بترميز UTF-8.',
    },
    'wrong-credentials': {
      title: 'فشل تسجيل الدخول',
      detail: 'لا يوجد حساب بهذا الاسم وكلمة المرور هذه.',
    },
  },
  fields: {
    invalid: 'قيمة غير صحيحة.',
    'more-than-the-fee': 'يجب ألا تزيد القيمة على الرسم السنوي.',
    'named-twice': 'يجب ألا يُذكر الشيء نفسه مرتين.',
    'not-a-boolean': 'يجب أن تكون القيمة true أو false.',
    'not-a-colour': 'يجب أن تكون القيمة لونًا مثل #1b6f5c.',
    'not-a-currency': 'يجب أن تكون القيمة رمز عملة بحسب ISO 4217، مثل ILS.',
    'not-a-cursor': 'ليس مؤشّرًا أعطته هذه القائمة.',
    'not-a-key-id': 'يجب أن يكون رقم مفتاح، غير فارغ وغير طويل جدًا.',
    'not-a-list': 'يجب أن تكون القيمة قائمة.',
    'not-a-number': 'يجب أن تكون القيمة رقمًا.',
    'not-a-public-key': 'يجب أن تكون القيمة مفتاحًا عامًا (JWK) على Ed25519 أو P-256.',
    'not-a-scale-id': 'يجب أن يكون معرّف ميزان: أحرف لاتينية صغيرة وأرقام وشرطات.',
    'not-a-sequence-number': 'يجب أن يكون رقمًا تسلسليًا: عددًا صحيحًا من 0 فصاعدًا.',
    'not-a-time': 'يجب أن تكون القيمة وقتًا بصيغة ISO 8601، مثل 2026-11-23T08:15:30Z.',
    'not-a-time-zone': 'يجب أن تكون المنطقة الزمنية باسمها في IANA، مثل Asia/Hebron.',
    'not-a-uuid': 'يجب أن تكون القيمة UUID.',
    'not-a-waste-code': 'يجب أن يكون رمزًا من القائمة الأوروبية للنفايات، مثل 20 01 39.',
    'not-an-amount':
      'يجب أن تكون القيمة عددًا عشريًا من 0 إلى {max} بعدد منازل لا يزيد على {places, plural, zero {صفر} one {منزلة واحدة} two {منزلتين} few {# منازل} many {# منزلة} other {# منزلة}}.',
    'not-an-id': 'يجب أن يكون معرّفًا: أحرف لاتينية صغيرة وأرقام وشرطات.',
    'not-an-idempotency-key': 'يجب أن يكون من 1 إلى 200 حرف ASCII مرئي.',
    'not-an-integer': 'يجب أن تكون القيمة عددًا صحيحًا.',
    'not-an-object': 'يجب أن تكون القيمة كائنًا.',
    'not-below-capacity': 'يجب أن تقل القيمة عن سعة الميزان، وهي {capacityGrams, number} غ.',
    'not-between': 'يجب أن تكون القيمة عددًا صحيحًا من {min, number} إلى {max, number}.',
    'not-for-unsigned': 'ليس للميزان غير الموقِّع مفتاح.',
    'not-one-of': 'يجب أن تكون القيمة إحدى هذه: {allowed}.',
    'not-text': 'يجب أن تكون القيمة نصًا.',
    'not-within-capacity': 'يجب أن تكون القيمة من 1 غ إلى سعة الميزان، وهي {capacityGrams, number} غ.',
    'out-of-range': 'القيمة خارج الحدود الممكنة.',
    'persons-in-a-shop': 'عدد الأفراد في المحل 0.',
    'private-key': 'هذا مفتاح خاص لا يجوز أن يغادر الميزان أبدًا: أنشئ مفتاحًا جديدًا وأرسل نصفه العام فقط.',
    required: 'هذا الحقل ناقص.',
    'too-few':
      'يجب ألا يقل العدد عن {min, plural, zero {لا شيء} one {عنصر واحد} two {عنصرين} few {# عناصر} many {# عنصرًا} other {# عنصر}}.',
    'too-large': 'يجب ألا تزيد القيمة على {max, number}.',
    'too-long':
      'يجب ألا يزيد النص على {max, plural, zero {لا شيء} one {حرف واحد} two {حرفين} few {# أحرف} many {# حرفًا} other {# حرف}}.',
    'too-many':
      'يجب ألا يزيد العدد على {max, plural, zero {لا شيء} one {عنصر واحد} two {عنصرين} few {# عناصر} many {# عنصرًا} other {# عنصر}}.',
    'too-short':
      'يجب ألا يقل النص عن {min, plural, zero {لا شيء} one {حرف واحد} two {حرفين} few {# أحرف} many {# حرفًا} other {# حرف}}.',
    'too-small': 'يجب ألا تقل القيمة عن {min, number}.',
    'unknown-field': 'ليس هذا حقلًا من حقول هذا الطلب.',
    'unknown-material': 'ليست مادة من مواد هذه البلدية.',
    'unknown-reason': 'ليس سببًا يعرفه العقد.',
    'wrong-format': 'ليست القيمة بالشكل المطلوب.',
    'wrong-length': 'يجب أن يكون طول النص من {min, number} إلى {max, number} حرفًا.',
  },
};
