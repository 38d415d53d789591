// The words for codes that every feature shows: roles, classes, sexes, levels of divisions.
import { texts } from '../house/texts.ts';

export default texts(
  {
    role: {
      child_director: '儿童主任',
      child_supervisor: '儿童督导员',
      county_officer: '区县经办',
      county_approver: '区县审批',
      city_officer: '市级经办',
      city_approver: '市级审批',
      finance_officer: '财政',
      home_staff: '儿童福利院',
      rescue_staff: '救助保护中心',
      partner: '协作单位',
      auditor: '审计',
      public: '申请人（网上）',
      admin: '系统管理员',
    },
    category: {
      institution_orphan: '机构养育孤儿',
      scattered_orphan: '社会散居孤儿',
      aids_affected: '受艾滋病影响儿童',
      de_facto_unattended: '事实无人抚养儿童',
      key_hardship: '重点困境儿童',
      left_behind: '农村留守儿童',
      migrant: '流动儿童',
    },
    sex: { male: '男', female: '女' },
  },
  {
    role: {
      child_director: 'Child director',
      child_supervisor: 'Child supervisor',
      county_officer: 'County officer',
      county_approver: 'County approver',
      city_officer: 'City officer',
      city_approver: 'City approver',
      finance_officer: 'Finance officer',
      home_staff: "Children's home",
      rescue_staff: 'Rescue centre',
      partner: 'Partner',
      auditor: 'Auditor',
      public: 'Applicant, online',
      admin: 'Administrator',
    },
    category: {
      institution_orphan: 'Orphan in an institution',
      scattered_orphan: 'Orphan living in the community',
      aids_affected: 'Child affected by AIDS (sealed)',
      de_facto_unattended: 'De facto unattended child',
      key_hardship: 'Child in key hardship',
      left_behind: 'Left-behind child',
      migrant: 'Migrant child',
    },
    sex: { male: 'Male', female: 'Female' },
  },
);
